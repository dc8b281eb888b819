import type { Ledger } from './ledger.ts'
import type { Place } from './parts.ts'
import { byTime } from './write.ts'
import type { Write } from './write.ts'

/** The latest write of each place stands, ties by client and clock; the others are forgotten. */
export class ByClock implements Ledger {
  readonly #latest = new Map<Place, Write>()

  take(writes: readonly Write[]): Iterable<Place> {
    for (const write of writes) {
      const known = this.#latest.get(write.place)
      if (known === undefined || byTime(known, write) < 0) this.#latest.set(write.place, write)
    }
    return writes.map(({ place }) => place)
  }

  standing(place: Place): Write | undefined {
    return this.#latest.get(place)
  }

  writes(): Iterable<Write> {
    return this.#latest.values()
  }

  pending(): boolean {
    return false
  }
}
