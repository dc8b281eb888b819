import { invariant, lanes } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import { enter, register } from './core.ts'
import type { Core } from './core.ts'
import { cutToFit } from './cutting.ts'
import { isBusy, isLinked } from './parcel.ts'
import type { Doc, Parcel, Piece, Space } from './parcel.ts'
import { laneCount } from './lanes.ts'
import type { Turn } from './lanes.ts'
import { addSealed, removeWaitingPiece } from './tally.ts'
import type { PlannedEntry } from './types.ts'

/** Lets a document queue for a pass if something of it may travel. */
export function offer(core: Core, doc: Doc): void {
  const { firstWaiting, space } = doc
  if (firstWaiting === undefined || doc.holds > 0 || doc.blockedOn !== undefined || isBusy(doc)) return
  if (!isLinked(space, firstWaiting.parcel.principal)) return
  for (let rank = 0; rank < laneCount; rank++)
    if (core.allowed[rank] === true && (doc.waitingByLane[rank] ?? 0) > 0) return core.queues.add(doc, rank)
}

/** Something changed for the whole space: all its documents may try again. */
export function offerAll(core: Core, space: Space): void {
  for (const doc of space.docs.values()) {
    doc.blockedOn = undefined
    offer(core, doc)
  }
}

/** A document lost a piece or a hold: it and those that wait for it may try again. */
export function release(core: Core, doc: Doc): void {
  if (doc.holds > 0 || isBusy(doc)) return
  const { waiters } = doc
  doc.waiters = undefined
  doc.blockedOn = undefined
  offer(core, doc)
  for (const waiter of waiters ?? []) {
    if (waiter.blockedOn !== doc) continue
    waiter.blockedOn = undefined
    offer(core, waiter)
  }
}

/** A seal pass: gathers what may travel now, and seals it with one store transaction per space. */
export function seal(core: Core): void {
  if (core.sealing.size > 0 || core.sealPause.dueAt !== 0) return
  const pass: Pass = { entries: 0, bytes: 0, parcels: new Map() }
  core.pass++
  for (let turn = core.queues.next(); turn !== undefined; turn = core.queues.next()) {
    if (travel(core, pass, turn) !== 'full') continue
    if (!isBusy(turn.doc)) core.queues.putBack(turn)
    break
  }
  for (const [id, parcels] of pass.parcels) {
    core.sealing.set(id, parcels)
    core.effects.add({
      kind: 'seal',
      plan: { space: id, entries: parcels.flatMap((parcel) => parcel.pieces.map(planned)) },
    })
  }
}

export function planned(piece: Piece): PlannedEntry {
  const { id, parcel, doc, generation, branch, rows, after, stamp, writes } = piece
  const { principal, group, groupSize } = parcel
  const lane = lanes[piece.lane]
  invariant(id !== undefined && lane !== undefined, 'a planned piece has an id and a lane')
  return { id, document: doc.key, generation, branch, rows, lane, principal, after, group, groupSize, stamp, writes }
}

interface Pass {
  entries: number
  bytes: number
  readonly parcels: Map<SpaceId, Parcel[]>
}

/** Plans a document's waiting parcels up to the last one of the lane it travels in, with all that must go before. */
function travel(core: Core, pass: Pass, { doc, rank }: Turn): 'done' | 'full' {
  if (core.allowed[rank] !== true || doc.space.principal === undefined || doc.space.dueAt !== 0) return 'done'
  for (let head = doc.firstWaiting; head !== undefined && (doc.waitingByLane[rank] ?? 0) > 0; head = doc.firstWaiting) {
    const outcome = pull(core, pass, head.parcel)
    if (outcome === 'full') return 'full'
    if (outcome === 'planned') continue
    wait(doc, outcome)
    return 'done'
  }
  offer(core, doc)
  return 'done'
}

function wait(doc: Doc, blocker: Doc): void {
  if (blocker === doc) return
  doc.blockedOn = blocker
  blocker.waiters ??= new Set()
  blocker.waiters.add(doc)
}

interface Frame {
  readonly parcel: Parcel
  readonly needs: readonly Parcel[]
  /** How many of its documents, then needs, are in order. */
  clear: number
}

const frameOf = (parcel: Parcel): Frame => ({ parcel, needs: [...(parcel.needs ?? [])], clear: 0 })

/**
 * Plans a parcel after everything that must go before it, deepest first. What was planned when it meets an
 * obstacle stays planned: it lacks nothing. Returns the document that is in the way, if one is.
 */
function pull(core: Core, pass: Pass, target: Parcel): 'planned' | 'full' | Doc {
  const stack = [frameOf(target)]
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const before = frame.parcel.state === 'waiting' ? firstUnmet(core, frame) : undefined
    if (before === undefined) {
      if (frame.parcel.state === 'waiting') {
        const parcel = cutToFit(core, frame.parcel)
        if (!hasRoom(core, pass, parcel)) return 'full'
        plan(core, pass, parcel)
        if (parcel !== frame.parcel) {
          frame.clear = 0
          continue
        }
      }
      stack.pop()
    } else if ('kind' in before) {
      invariant(before.seq < frame.parcel.seq || !before.open, 'waiting goes in no circle')
      if (before.blockedIn === core.pass) return block(core, stack, before.blocker)
      stack.push(frameOf(before))
    } else return block(core, stack, before)
  }
  return 'planned'
}

/** What is in the way stays there for this pass: nobody need find it again. */
function block(core: Core, stack: readonly Frame[], blocker: Doc | undefined): Doc {
  invariant(blocker !== undefined, 'something is in the way')
  for (const { parcel } of stack) {
    parcel.blockedIn = core.pass
    parcel.blocker = blocker
  }
  return blocker
}

/** What must still go before the parcel: a waiting parcel, or a document whose state is in the way. */
function firstUnmet(core: Core, frame: Frame): Parcel | Doc | undefined {
  const { parcel, needs } = frame
  for (; frame.clear < parcel.pieces.length; frame.clear++) {
    const doc = parcel.pieces[frame.clear]?.doc
    if (doc === undefined) continue
    if (isInTheWay(core, doc) || !isLinked(parcel.space, parcel.principal)) return doc
    const head = doc.firstWaiting?.parcel
    if (head !== undefined && head !== parcel) return head
  }
  for (; frame.clear < parcel.pieces.length + needs.length; frame.clear++) {
    const need = needs[frame.clear - parcel.pieces.length]
    if (need?.state === 'waiting') return need
    if (need !== undefined && !isUnderWay(need)) return need.pieces[0]?.doc
  }
  return undefined
}

/** Held, or with a round of an earlier pass, or with a full round. */
const isInTheWay = (core: Core, doc: Doc): boolean =>
  doc.holds > 0 || (isBusy(doc) && (doc.pass !== core.pass || doc.round >= core.limits.roundEntriesMax))

const isUnderWay = ({ state }: Parcel): boolean =>
  state === 'sealing' || state === 'sent' || state === 'stored' || state === 'taken'

function hasRoom(core: Core, pass: Pass, parcel: Parcel): boolean {
  const { sealEntriesMax, sealBytesMax, inFlightBytesMax } = core.limits
  const inPass = pass.entries + parcel.pieces.length <= sealEntriesMax && pass.bytes + parcel.bytes <= sealBytesMax
  return (inPass || pass.entries === 0) && (core.wireBytes + parcel.bytes <= inFlightBytesMax || core.wireBytes === 0)
}

function plan(core: Core, pass: Pass, parcel: Parcel): void {
  const { space, pieces } = parcel
  const { writer } = core
  invariant(writer !== undefined, 'the outbox was started')
  const first = (core.lastEntry.get(space.id) ?? 0) + 1
  core.lastEntry.set(space.id, first + pieces.length - 1)
  parcel.group = pieces.length > 1 ? first : 0
  parcel.groupSize = pieces.length
  parcel.open = false
  enter(core, parcel, 'sealing')
  for (const [i, piece] of pieces.entries()) startRound(core, piece, { writer, n: first + i })
  const parcels = pass.parcels.get(space.id)
  if (parcels === undefined) pass.parcels.set(space.id, [parcel])
  else parcels.push(parcel)
  pass.entries += pieces.length
  pass.bytes += parcel.bytes
}

function startRound(core: Core, piece: Piece, id: NonNullable<Piece['id']>): void {
  const { doc, parcel } = piece
  if (doc.pass !== core.pass) doc.round = 0
  doc.pass = core.pass
  doc.round++
  piece.id = id
  piece.after = piece.previous?.id
  doc.firstWaiting = piece.next
  doc.waitingByLane[parcel.lane] = (doc.waitingByLane[parcel.lane] ?? 0) - 1
  removeWaitingPiece(core.tally, piece)
  addSealed(core.tally, piece)
  register(parcel.space, piece)
}
