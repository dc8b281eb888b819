import { invariant, laneRank } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import { forget } from './closure.ts'
import { addParcel, docOf, register, spaceOf } from './core.ts'
import type { Core } from './core.ts'
import { intake } from './intake.ts'
import { append } from './parcel.ts'
import type { Parcel, Piece } from './parcel.ts'
import { forgetPlan } from './sealing.ts'
import { addSealed } from './tally.ts'
import type { OutboxEvent, SealedInfo } from './types.ts'

/** Builds the outbox from the store. Entries that were sealed, by whichever writer, may have reached the server. */
export function start(core: Core, event: Extract<OutboxEvent, { kind: 'start' }>): void {
  invariant(core.writer === undefined, 'the outbox is started once')
  core.writer = event.writer
  for (const [space, n] of event.lastEntry) core.lastEntry.set(space, n)
  const covered = restore(core, event.sealed)
  const rows = event.rows.filter(({ row }) => !covered.has(row))
  intake(
    core,
    rows.sort((a, b) => a.row - b.row),
  )
}

/** Returns the rows that the entries cover. */
function restore(core: Core, sealed: readonly SealedInfo[]): Set<number> {
  const covered = new Set<number>()
  const groups = new Map<string, Parcel>()
  for (const info of sealed.toSorted(byStoreOrder)) {
    const parcel = parcelFor(core, groups, info)
    const piece = pieceFor(parcel, info)
    parcel.pieces.push(piece)
    parcel.bytes += info.bytes
    append(piece)
    register(parcel.space, piece)
    addSealed(core.tally, piece)
    for (const row of info.rows) {
      covered.add(row)
      piece.doc.lastRow = Math.max(piece.doc.lastRow, row)
    }
  }
  for (const parcel of groups.values()) parcel.pieces.sort((a, b) => (a.id?.n ?? 0) - (b.id?.n ?? 0))
  return covered
}

const byStoreOrder = (a: SealedInfo, b: SealedInfo): number => (a.rows[0] ?? 0) - (b.rows[0] ?? 0) || a.id.n - b.id.n

function parcelFor(core: Core, groups: Map<string, Parcel>, info: SealedInfo): Parcel {
  const key = `${info.space} ${info.id.writer} ${info.group}`
  const known = info.group === 0 ? undefined : groups.get(key)
  if (known !== undefined) return known
  const parcel = addParcel(core, {
    space: spaceOf(core, info.space),
    principal: info.principal,
    lane: laneRank(info.lane),
    firstStamp: info.stamp,
    state: 'unsure',
  })
  parcel.reached = true
  parcel.group = info.group
  parcel.groupSize = info.groupSize
  if (info.group !== 0) groups.set(key, parcel)
  return parcel
}

const pieceFor = (parcel: Parcel, info: SealedInfo): Piece => ({
  parcel,
  doc: docOf(parcel.space, info.document),
  lane: laneRank(info.lane),
  writer: info.id.writer,
  generation: info.generation,
  branch: info.branch,
  rows: [...info.rows],
  rowBytes: [],
  rowWrites: [],
  bytes: info.bytes,
  writes: info.writes,
  stamp: info.stamp,
  id: info.id,
  after: info.after,
  previous: undefined,
  next: undefined,
})

/** Forgets a space whose unsent work was moved elsewhere; its numbers stay used. */
export function leave(core: Core, id: SpaceId): void {
  const space = core.spaces.get(id)
  if (space === undefined) return
  forgetPlan(core, id)
  forget(core, space)
  core.spaces.delete(id)
}
