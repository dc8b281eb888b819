import type { Deed } from '../fields/deed.ts'

/** One transaction of a person, as the oracle remembers it. Everybody's are acknowledged before the end. */
export interface Edit {
  /** The device it was made on. */
  readonly author: number
  /** Its number among those of its author, from 1. */
  readonly nth: number
  /** In milliseconds of true time since the beginning. */
  readonly atMs: number
  readonly entity: string
  readonly deeds: readonly Deed[]
  /** Whether it made what was there before people began, which is nothing that they did. */
  readonly founding?: boolean
  /** How many edits of each device had come to this one when it was made. */
  readonly seen: readonly number[]
}

/** Whether the author of the second had the first before it made that, so that it could know of it. */
export const wasSeenBy = (first: Edit, second: Edit): boolean => (second.seen[first.author] ?? 0) >= first.nth

export const areConcurrent = (a: Edit, b: Edit): boolean => a !== b && !wasSeenBy(a, b) && !wasSeenBy(b, a)
