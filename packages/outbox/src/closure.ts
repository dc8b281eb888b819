import { invariant } from '@rejoin/base'
import type { EntryId } from '@rejoin/base'
import { enter, unregister } from './core.ts'
import type { Core } from './core.ts'
import { noBranch, unlink } from './parcel.ts'
import type { Cause, Doc, Parcel, Piece, Space } from './parcel.ts'
import { removeSealed, removeWaitingPiece } from './tally.ts'

const nothing: ReadonlySet<number> = new Set()

/**
 * Takes parcels and all that can no longer be integrated by anyone: what follows in their documents, the other
 * members of every group taken, and what follows those. `moved` are rows that the store has taken already.
 */
export function takeClosure(
  core: Core,
  space: Space,
  seeds: readonly Parcel[],
  cause: Cause,
  moved: ReadonlySet<number> = nothing,
): void {
  const parcels = closureOf(seeds)
  const docs = new Set<Doc>()
  const entries: EntryId[] = []
  const rows: number[] = []
  for (const parcel of parcels) {
    for (const piece of parcel.pieces) {
      docs.add(piece.doc)
      if (piece.id !== undefined) entries.push(piece.id)
      for (const row of piece.rows) if (!moved.has(row)) rows.push(row)
    }
    take(core, space, parcel, cause)
  }
  if (rows.length + entries.length > 0) hold(core, { space, docs, entries, rows, cause })
}

/** In each document everything behind a taken piece is taken, so looking at the next one is enough. */
function closureOf(seeds: readonly Parcel[]): Set<Parcel> {
  const found = new Set(seeds)
  for (const parcel of found) {
    invariant(parcel.state !== 'sealing', 'what follows a refused entry is not being sealed')
    for (const { next } of parcel.pieces) if (next !== undefined) found.add(next.parcel)
  }
  return found
}

function take(core: Core, space: Space, parcel: Parcel, cause: Cause): void {
  const waited = parcel.state === 'waiting'
  enter(core, parcel, 'taken')
  for (const piece of parcel.pieces) {
    remove(core, space, piece, waited)
    piece.doc.takenBranch = Math.max(piece.doc.takenBranch, piece.branch)
    piece.doc.cause = cause
    core.freed.add(piece.doc)
  }
}

function remove(core: Core, space: Space, piece: Piece, waited: boolean): void {
  const { doc, parcel, id } = piece
  unlink(piece)
  if (id !== undefined) unregister(space, id)
  if (!waited) return removeSealed(core.tally, piece)
  removeWaitingPiece(core.tally, piece)
  doc.waitingByLane[parcel.lane] = (doc.waitingByLane[parcel.lane] ?? 0) - 1
}

function hold(
  core: Core,
  found: { space: Space; docs: Set<Doc>; entries: EntryId[]; rows: number[]; cause: Cause },
): void {
  const { space, entries, rows, cause } = found
  const docs = [...found.docs]
  for (const doc of docs) if (doc.holds++ === 0) core.tally.held++
  const take = ++core.lastTake
  core.takes.set(take, { space, docs })
  rows.sort((a, b) => a - b)
  core.effects.add({
    kind: 'take',
    take,
    space: space.id,
    entries,
    rows,
    documents: docs.map((doc) => doc.key),
    ...cause,
  })
}

/** The take is durable. Rows of its documents that came meanwhile and are still here are taken after it. */
export function taken(core: Core, number: number, rows: readonly number[]): void {
  const take = core.takes.get(number)
  if (take === undefined) return
  core.takes.delete(number)
  const moved = new Set(rows)
  for (const doc of take.docs) {
    if (--doc.holds === 0) core.tally.held--
    core.freed.add(doc)
    takeLate(core, doc, moved)
  }
}

/**
 * Rows of a branch that was taken were made on a state that is gone; a take under way may still move them. What the
 * store has moved is gone, on whichever branch: while one take is under way another may have made rows again.
 */
export function takeLate(core: Core, doc: Doc, moved: ReadonlySet<number> = nothing): void {
  const { cause, takenBranch } = doc
  if (cause === undefined || takenBranch === noBranch) return
  let piece = doc.firstWaiting
  const isMoved = ({ rows }: Piece): boolean => rows.some((row) => moved.has(row))
  while (piece !== undefined && piece.branch > takenBranch && !isMoved(piece)) piece = piece.next
  if (piece === undefined) return
  if (doc.holds === 0 || isMoved(piece)) takeClosure(core, doc.space, [piece.parcel], cause, moved)
}

/** Drops a space of which the store holds nothing any more. */
export function forget(core: Core, space: Space): void {
  const parcels = new Set<Parcel>()
  for (const doc of space.docs.values()) {
    for (let piece = doc.first; piece !== undefined; piece = piece.next) {
      parcels.add(piece.parcel)
      if (piece.parcel.state === 'waiting') removeWaitingPiece(core.tally, piece)
      else removeSealed(core.tally, piece)
    }
    if (doc.holds > 0) core.tally.held--
    doc.first = undefined
    doc.firstWaiting = undefined
  }
  for (const parcel of parcels) enter(core, parcel, 'taken')
  for (const [number, take] of core.takes) if (take.space === space) core.takes.delete(number)
  space.principal = undefined
  space.dueAt = 0
}
