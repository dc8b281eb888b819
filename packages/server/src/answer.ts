import type { Generation, Intervals } from '@rejoin/base'
import type { Refused } from './admit.ts'

export type Answer =
  | { readonly kind: 'accepted'; readonly n: number }
  | {
      readonly kind: 'refused'
      readonly n: number
      readonly refused: Refused
      readonly generation?: Generation | undefined
    }
  | { readonly kind: 'retry'; readonly n: number; readonly reason: 'gap' | 'unavailable' | 'rate-limited' }

/** What is known of the ids that a question names: each is in one of the four. */
export interface AskAnswer {
  readonly accepted: Intervals
  readonly unknown: Intervals
  readonly refused: readonly (Answer & { readonly kind: 'refused' })[]
  /** Refused too; why is to be asked again, on another turn. */
  readonly rest: Intervals
}
