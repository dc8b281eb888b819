import { invariant, lanes } from '@rejoin/base'
import type { DocumentKey, EntryId, SpaceId, Stamp, UserId, WriterId } from '@rejoin/base'
import { Alarms } from './alarms.ts'
import { Effects } from './effects.ts'
import { LaneQueues } from './lanes.ts'
import type { OutboxLimits } from './options.ts'
import { newDoc, newSpace } from './parcel.ts'
import type { Doc, Parcel, ParcelState, Piece, Space } from './parcel.ts'
import { Queue } from './queue.ts'
import { newTally } from './tally.ts'
import type { Tally } from './tally.ts'

/** Sealing as a whole is due again after a failed store transaction; 0 = it is not paused. */
export interface SealPause {
  readonly kind: 'seal-pause'
  failures: number
  dueAt: number
}

/** A take that is not yet durable. */
export interface Take {
  readonly space: Space
  readonly docs: readonly Doc[]
}

/** All that the outbox knows. The modules of this package change it in place. */
export interface Core {
  /** As given, and as they are for the server of the latest link. */
  readonly ownLimits: OutboxLimits
  limits: OutboxLimits
  writer: WriterId | undefined
  /** The greatest number used under `writer`; outlives the space. */
  readonly lastEntry: Map<SpaceId, number>
  readonly spaces: Map<SpaceId, Space>
  readonly queues: LaneQueues
  readonly allowed: boolean[]
  pass: number
  /** The parcels of the pass under way, until their store transaction is answered. */
  readonly sealing: Map<SpaceId, readonly Parcel[]>
  readonly sealPause: SealPause
  readonly sendable: Queue<Parcel>
  /** Of the parcels being sealed or on the wire. */
  wireBytes: number
  readonly takes: Map<number, Take>
  lastTake: number
  /** Documents that lost a piece or a hold in this step. */
  readonly freed: Set<Doc>
  readonly alarms: Alarms<Parcel | Space | SealPause>
  wakeAt: number | undefined
  readonly effects: Effects
  readonly tally: Tally
  lastSeq: number
  oldest: Parcel | undefined
  newest: Parcel | undefined
}

export const newCore = (limits: OutboxLimits): Core => ({
  ownLimits: limits,
  limits,
  writer: undefined,
  lastEntry: new Map(),
  spaces: new Map(),
  queues: new LaneQueues(limits.patience),
  allowed: lanes.map(() => true),
  pass: 0,
  sealing: new Map(),
  sealPause: { kind: 'seal-pause', failures: 0, dueAt: 0 },
  sendable: new Queue(),
  wireBytes: 0,
  takes: new Map(),
  lastTake: 0,
  freed: new Set(),
  alarms: new Alarms(),
  wakeAt: undefined,
  effects: new Effects(),
  tally: newTally(),
  lastSeq: 0,
  oldest: undefined,
  newest: undefined,
})

export function spaceOf(core: Core, id: SpaceId): Space {
  const known = core.spaces.get(id)
  if (known !== undefined) return known
  const space = newSpace(id)
  core.spaces.set(id, space)
  return space
}

export function docOf(space: Space, key: DocumentKey): Doc {
  const known = space.docs.get(key)
  if (known !== undefined) return known
  const doc = newDoc(space, key)
  space.docs.set(key, doc)
  return doc
}

/** A new parcel, the newest of all. */
export function addParcel(
  core: Core,
  parcel: { space: Space; principal: UserId; lane: number; firstStamp: Stamp; state: ParcelState },
): Parcel {
  const added: Parcel = {
    kind: 'parcel',
    space: parcel.space,
    principal: parcel.principal,
    seq: ++core.lastSeq,
    lane: parcel.lane,
    pieces: [],
    firstStamp: parcel.firstStamp,
    state: parcel.state,
    open: true,
    needs: undefined,
    foreign: false,
    blockedIn: 0,
    blocker: undefined,
    bytes: 0,
    group: 0,
    groupSize: 1,
    reached: false,
    attempts: 0,
    failures: 0,
    dueAt: 0,
    older: core.newest,
    newer: undefined,
  }
  if (core.newest === undefined) core.oldest = added
  else core.newest.newer = added
  core.newest = added
  return added
}

const isOnWire = (state: ParcelState): boolean => state === 'sealing' || state === 'sent'

/** The only place where the state of a parcel changes, so that the bytes on the wire are always right. */
export function enter(core: Core, parcel: Parcel, state: ParcelState): void {
  if (isOnWire(parcel.state)) core.wireBytes -= parcel.bytes
  if (isOnWire(state)) core.wireBytes += parcel.bytes
  parcel.state = state
  parcel.dueAt = 0
  if (state === 'stored' || state === 'taken') leave(core, parcel)
}

function leave(core: Core, parcel: Parcel): void {
  const { older, newer } = parcel
  if (older === undefined) core.oldest = newer
  else older.newer = newer
  if (newer === undefined) core.newest = older
  else newer.older = older
  parcel.older = undefined
  parcel.newer = undefined
  parcel.needs = undefined
}

export function register(space: Space, piece: Piece): void {
  const { id } = piece
  invariant(id !== undefined, 'a sealed piece has an id')
  const known = space.sealed.get(id.writer)
  if (known === undefined) space.sealed.set(id.writer, new Map([[id.n, piece]]))
  else known.set(id.n, piece)
}

export function unregister(space: Space, id: EntryId): void {
  const pieces = space.sealed.get(id.writer)
  pieces?.delete(id.n)
  if (pieces?.size === 0) space.sealed.delete(id.writer)
}
