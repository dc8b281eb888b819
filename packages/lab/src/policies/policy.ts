import type { Clock } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import type { Json, Policy as RegisterPolicy } from '@rejoin/schema'

/** How an app deals with what two people write at once. */
export interface Policy {
  readonly name: string
  /** One sentence: what decides. */
  readonly about: string
  readonly form: Form
  /** What becomes of concurrent values of one register; the last write wins unless told. */
  readonly registers?: RegisterPolicy<Json>
  /** It decides by the place in the log: what a device has written comes back to it with that. */
  readonly byArrival?: true
  /** Conflicts are shown, and a person settles each so long after having seen it. */
  readonly settledAfterMs?: number
  /** Gives the engine of each device, by its clock. Once for a run, because some start slowly. */
  open(): Promise<(clock: Clock) => Engine>
}

/**
 * `merging`: each field is of the kind that fits, so that concurrent edits of it add up. `whole`: each field is one
 * value, which is read, changed and written back: a column, or JSON in it. `rows`: elements, items, lines and votes are
 * a row each, as careful apps have them whose store is tables; texts, counters, values and statuses are one value.
 */
export type Form = 'merging' | 'rows' | 'whole'
