import { eachNumber, invariant, retryOf, unreachable } from '@rejoin/base'
import type { EntryId, ErrorKind, Intervals, SpaceId, WriterId } from '@rejoin/base'
import { retryDelayMs } from './backoff.ts'
import { takeClosure } from './closure.ts'
import { enter, unregister } from './core.ts'
import type { Core } from './core.ts'
import { recall, trySend } from './delivery.ts'
import { pieceOf, unlink } from './parcel.ts'
import type { Parcel, Space } from './parcel.ts'
import { planned } from './planner.ts'
import { removeSealed } from './tally.ts'
import type { Answer, SealedInfo } from './types.ts'

/** Ignores what is about no unanswered entry, or about one that no server can know. */
export function answered(core: Core, spaceId: SpaceId, id: EntryId, answer: Answer, random: number): void {
  const space = core.spaces.get(spaceId)
  const parcel = space === undefined ? undefined : pieceOf(space, id)?.parcel
  if (space === undefined || parcel === undefined || !parcel.reached) return
  switch (answer.kind) {
    case 'ack':
      return acked(core, space, parcel)
    case 'reject':
      return takeClosure(core, space, [parcel], { error: answer.error, message: answer.message, first: id })
    case 'retry':
      return retry(core, { parcel, id, error: answer.error, afterMs: answer.afterMs, random })
    case 'unknown':
      return unknown(core, parcel)
    default:
      return unreachable(answer)
  }
}

/** Intervals come from outside: they are never walked further than there are entries. */
export function answeredAll(
  core: Core,
  spaceId: SpaceId,
  writer: WriterId,
  numbers: Intervals,
  answer: Answer,
  random: number,
): void {
  const pieces = core.spaces.get(spaceId)?.sealed.get(writer)
  if (pieces === undefined) return
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const first = numbers[i] ?? 0
    const last = numbers[i + 1] ?? 0
    const known =
      last - first < pieces.size ? eachNumber([first, last]) : [...pieces.keys()].filter((n) => n >= first && n <= last)
    for (const n of known) answered(core, spaceId, { writer, n }, answer, random)
  }
}

/** An ack is for the whole group and, recursively, for everything before it by `after`. */
function acked(core: Core, space: Space, parcel: Parcel): void {
  space.failures = 0
  const stack = [parcel]
  for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
    const before = next.state === 'stored' ? undefined : predecessorOf(space, next)
    if (before !== undefined) stack.push(before)
    else {
      if (next.state !== 'stored') store(core, space, next)
      stack.pop()
    }
  }
}

function predecessorOf(space: Space, parcel: Parcel): Parcel | undefined {
  for (const { after } of parcel.pieces) {
    const before = after === undefined ? undefined : pieceOf(space, after)?.parcel
    if (before !== undefined && before !== parcel) return before
  }
  return undefined
}

function store(core: Core, space: Space, parcel: Parcel): void {
  enter(core, parcel, 'stored')
  for (const piece of parcel.pieces) {
    const { id, next } = piece
    invariant(id !== undefined, 'only sealed entries are stored')
    core.effects.stored(space.id, infoOf(parcel, piece))
    unlink(piece)
    unregister(space, id)
    removeSealed(core.tally, piece)
    core.freed.add(piece.doc)
    if (next !== undefined) trySend(core, next.parcel)
  }
}

export const infoOf = (parcel: Parcel, piece: Parcel['pieces'][number]): SealedInfo => ({
  ...planned(piece),
  space: parcel.space.id,
  bytes: piece.bytes,
  sent: parcel.reached,
})

/** The server has not got it: send it again, in its turn. */
function unknown(core: Core, parcel: Parcel): void {
  if (parcel.state !== 'asked') return
  enter(core, parcel, 'unsent')
  parcel.reached = false
  trySend(core, parcel)
}

interface Retry {
  readonly parcel: Parcel
  readonly id: EntryId
  readonly error: ErrorKind
  readonly afterMs: number | undefined
  readonly random: number
}

/** A second answer to the same sending, or to one that was taken back, says nothing new. */
function retry(core: Core, answer: Retry): void {
  const { parcel, error } = answer
  if (parcel.state !== 'sent' && parcel.state !== 'asked') return
  if (isOfLink(error)) return pause(core, answer)
  if (error === 'gap' && hasPredecessor(parcel)) return fillGap(core, answer)
  parcel.attempts++
  if (parcel.attempts < core.limits.attemptsMax) return delay(core, parcel, answer)
  const message = `The server asked ${parcel.attempts} times to send it again (${error}).`
  takeClosure(core, parcel.space, [parcel], { error, message, first: answer.id })
}

/** These kinds say that the server or the session cannot serve now; the entry is not to blame. */
const isOfLink = (error: ErrorKind): boolean =>
  retryOf(error) === 'after-auth' || (retryOf(error) === 'later' && error !== 'checksum')

function pause(core: Core, { parcel, afterMs, random }: Retry): void {
  const { space } = parcel
  recall(core, parcel)
  if (space.dueAt !== 0) return
  core.alarms.set(space, retryDelayMs(core.limits, ++space.failures, afterMs, random))
}

function delay(core: Core, parcel: Parcel, { afterMs, random }: Retry): void {
  recall(core, parcel)
  enter(core, parcel, 'delayed')
  core.alarms.set(parcel, retryDelayMs(core.limits, ++parcel.failures, afterMs, random))
}

const hasPredecessor = (parcel: Parcel): boolean =>
  parcel.pieces.some(({ previous }) => previous !== undefined && previous.parcel !== parcel)

/**
 * The server lacks what comes before: everything from the beginning of the document's round is sent again, in order.
 * The beginning waits for a moment; if it waits already, or is being asked about, the rest follows it anyway.
 */
function fillGap(core: Core, answer: Retry): void {
  const stack = [answer.parcel]
  for (let parcel = stack.pop(); parcel !== undefined; parcel = stack.pop()) {
    if (parcel.state !== 'sent' && parcel !== answer.parcel) continue
    if (hasPredecessor(parcel)) {
      enter(core, parcel, 'unsent')
      for (const { previous } of parcel.pieces) if (previous !== undefined) stack.push(previous.parcel)
    } else delay(core, parcel, answer)
    recallAfter(core, parcel)
  }
}

function recallAfter(core: Core, parcel: Parcel): void {
  for (const { next } of parcel.pieces) if (next?.parcel.state === 'sent') recall(core, next.parcel)
}
