import type { Draft } from './draft.ts'
import type { Part, Place } from './parts.ts'

/** What a document reads, also inside a change, and the change that is open. */
export interface Reader {
  at(place: Place): Part | undefined
  parts(): Iterable<Part>
  /** Throws outside `transact`. */
  open(): Draft
}
