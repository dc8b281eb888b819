import type { WriteId } from '../engine.ts'
import type { Ids } from './ids.ts'
import type { Place } from './parts.ts'
import type { Write } from './write.ts'

/** Which ids have been seen, those of the writes that are being taken in among them. */
export interface Seen {
  readonly stored: Ids
  has(id: WriteId): boolean
}

/** Decides which writes stand: a function of the writes it was given, in whatever order and however often they came. */
export interface Ledger {
  /** Gives the places where another write may stand now. */
  take(writes: readonly Write[], seen: Seen): Iterable<Place>
  standing(place: Place): Write | undefined
  /** What has to be kept to decide on all that may come. */
  writes(): Iterable<Write>
  /** Whether writes wait for others that have not been seen. */
  pending(): boolean
}
