import type { WriteId } from '../engine.ts'
import type { Ids } from './ids.ts'
import type { Part, Place } from './parts.ts'

/** What is decided on: a whole record, or one place in it, with all that it holds from then on. */
export interface Write extends WriteId {
  readonly place: Place
  readonly time: number
  /** Where the log has it, once that is known and if it counts. */
  readonly seq: number | undefined
  /** The write that was seen standing by whoever made this one; for server-wins. */
  readonly base: WriteId | undefined
  /** Undefined if another has been built on it, so that it never stands again. */
  readonly parts: readonly Part[] | undefined
}

/** Some writes and the ids of all that they have replaced for good, themselves included. */
export interface Batch {
  /** Ids whose place in the log is known. */
  readonly stored: Ids
  readonly open: Ids
  readonly writes: readonly Write[]
}

export const byTime = (a: Write, b: Write): number => a.time - b.time || a.client - b.client || a.clock - b.clock

/** What is not stored yet will come after all that is. */
export function byArrival(a: Write, b: Write): number {
  if (a.seq !== b.seq) return (a.seq ?? Infinity) - (b.seq ?? Infinity)
  return byTime(a, b)
}
