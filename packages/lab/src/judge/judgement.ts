import type { Tally } from './tally.ts'

/** What the oracle says of the end of a run, seeing all that was done and who had seen what. Defined in SPEC.md. */
export interface Judgement extends Tally {
  /** Broken invariants of the workload, by name. */
  readonly invariants: Readonly<Record<string, number>>
  /** How far texts and orders are from what would stand had all been done on one device; null if there are none. */
  readonly distance: number | null
  /** How much is mixed up of what several typed at one place at the same time, 0 to 1; null if nobody did. */
  readonly interleaving: number | null
}
