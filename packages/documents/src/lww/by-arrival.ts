import type { Ledger, Seen } from './ledger.ts'
import type { Place } from './parts.ts'
import { byArrival, byTime } from './write.ts'
import type { Write } from './write.ts'

/** The last to arrive stands. On top lies what has not arrived yet: of each client its last, in the order of making. */
export class ByArrival implements Ledger {
  readonly #stored = new Map<Place, Write>()
  readonly #open = new Map<Place, readonly Write[]>()

  take(writes: readonly Write[], { stored }: Seen): Iterable<Place> {
    const places = new Set<Place>(writes.map(({ place }) => place))
    for (const write of writes) {
      if (write.seq === undefined) this.#keepOpen(write)
      else {
        const known = this.#stored.get(write.place)
        if (known === undefined || byArrival(known, write) < 0) this.#stored.set(write.place, write)
      }
    }
    // Also those that have arrived and were written over there: then only their ids come.
    for (const [place, open] of this.#open) {
      const left = open.filter((write) => !stored.has(write))
      if (left.length === open.length) continue
      if (left.length > 0) this.#open.set(place, left)
      else this.#open.delete(place)
      places.add(place)
    }
    return places
  }

  standing(place: Place): Write | undefined {
    return this.#open.get(place)?.at(-1) ?? this.#stored.get(place)
  }

  *writes(): Iterable<Write> {
    yield* this.#stored.values()
    for (const open of this.#open.values()) yield* open
  }

  pending(): boolean {
    return false
  }

  /** The log keeps the order of a client's writes, so of one client the last one will count. */
  #keepOpen(write: Write): void {
    const known = this.#open.get(write.place) ?? []
    if (known.some(({ client, clock }) => client === write.client && clock >= write.clock)) return
    const others = known.filter(({ client }) => client !== write.client)
    this.#open.set(write.place, [...others, write].sort(byTime))
  }
}
