import { calmConditions } from './conditions.ts'
import { faultActs, strikeKinds } from './faults.ts'
import type { StrikeKind } from './faults.ts'
import { workKinds } from './types.ts'
import type { ActKind, Conditions } from './types.ts'

/** The names that schedules may use. */
export interface Vocabulary {
  /** Every condition with its value in a world in which nothing is odd. */
  readonly calm: Conditions
  readonly acts: readonly ActKind[]
  readonly strikes: readonly StrikeKind[]
}

/** Every name that there is. */
export const vocabulary: Vocabulary = {
  calm: calmConditions,
  acts: [...workKinds, ...faultActs],
  strikes: strikeKinds,
}
