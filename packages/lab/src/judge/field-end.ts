import type { FieldShape, Value } from '../fields/shape.ts'
import type { Act } from './act.ts'
import type { Tally } from './tally.ts'

/** How it ended with one field of an entity that is there. */
export interface FieldEnd {
  readonly shape: FieldShape
  /** All that was done to it, in the order of true time. */
  readonly acts: readonly Act[]
  /** What is shown; several versions where they are in conflict, and at least one. */
  readonly versions: readonly Value[]
}

export type FieldJudge = (end: FieldEnd) => Tally
