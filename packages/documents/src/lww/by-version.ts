import type { WriteId } from '../engine.ts'
import { nameOf } from '../history/net.ts'
import type { Ledger, Seen } from './ledger.ts'
import { recordPlace } from './parts.ts'
import type { Place } from './parts.ts'
import { byArrival } from './write.ts'
import type { Write } from './write.ts'

/**
 * Each write names the version it was made on. Of those made on one version the first to arrive is the next version; the
 * others are dropped, with all that was made on them. What has not arrived yet stands until another arrives there.
 */
export class ByVersion implements Ledger {
  readonly #writes = new Map<string, Kept>()
  /** By the version they were made on; '' is the empty record. */
  readonly #madeOn = new Map<string, Kept[]>()
  /** Versions that have not been seen. */
  readonly #missing = new Map<string, WriteId>()
  /** From the first version to the one that stands, by name, and the place of each. */
  readonly #versions: string[] = []
  readonly #placeOf = new Map<string, number>()

  take(writes: readonly Write[], seen: Seen): Iterable<Place> {
    const contested = new Set<string>()
    for (const write of writes) {
      const base = baseOf(write)
      if (this.#put(write)) contested.add(base)
    }
    for (const [name, id] of this.#missing) {
      // It was dropped before, or elsewhere.
      if (!seen.has(id)) continue
      this.#missing.delete(name)
      this.#drop(name, this.#madeOn.get(name) ?? [])
    }
    for (const base of contested) if (this.#settle(base)) this.#goBackTo(base)
    this.#advance()
    return [recordPlace]
  }

  standing(): Write | undefined {
    const last = this.#writes.get(this.#versions.at(-1) ?? '')
    return last && { ...last }
  }

  writes(): Iterable<Write> {
    return this.#writes.values()
  }

  pending(): boolean {
    return this.#missing.size > 0
  }

  /** Whether there is more than one made on its version, so that it is to be settled which stands. */
  #put(write: Write): boolean {
    const name = nameOf(write)
    const base = baseOf(write)
    const known = this.#writes.get(name)
    const made = this.#madeOn.get(base) ?? []
    if (known !== undefined) known.seq ??= write.seq
    else {
      const kept = { ...write }
      if (this.#madeOn.has(name)) kept.parts = undefined
      this.#missing.delete(name)
      this.#writes.set(name, kept)
      made.push(kept)
      this.#madeOn.set(base, made)
      this.#buildOn(write.base)
    }
    return made.length > 1
  }

  /** A version with another made on it never stands again. */
  #buildOn(base: WriteId | undefined): void {
    if (base === undefined) return
    const known = this.#writes.get(nameOf(base))
    if (known === undefined) this.#missing.set(nameOf(base), base)
    else known.parts = undefined
  }

  /**
   * Of those that have arrived the first one counts; any other may still turn out to have arrived before. Gives whether
   * another is the first now.
   */
  #settle(base: string): boolean {
    const made = this.#madeOn.get(base) ?? []
    const [before] = made
    made.sort(byArrival)
    this.#drop(
      base,
      made.filter(({ seq }, i) => seq !== undefined && i > 0),
    )
    return before !== made[0]
  }

  /** Some of those that were made on one version, and all that was made on them. */
  #drop(base: string, writes: readonly Kept[]): void {
    const dropped = [...writes]
    const gone = new Set(dropped)
    const left = (this.#madeOn.get(base) ?? []).filter((write) => !gone.has(write))
    if (left.length > 0) this.#madeOn.set(base, left)
    else this.#madeOn.delete(base)
    for (let write = dropped.pop(); write !== undefined; write = dropped.pop()) {
      const name = nameOf(write)
      this.#writes.delete(name)
      for (const made of this.#madeOn.get(name) ?? []) dropped.push(made)
      this.#madeOn.delete(name)
    }
  }

  #goBackTo(base: string): void {
    const place = base === '' ? -1 : this.#placeOf.get(base)
    if (place === undefined) return
    for (const name of this.#versions.splice(place + 1)) this.#placeOf.delete(name)
  }

  #advance(): void {
    for (;;) {
      const [next] = this.#madeOn.get(this.#versions.at(-1) ?? '') ?? []
      if (next === undefined) return
      const name = nameOf(next)
      this.#placeOf.set(name, this.#versions.length)
      this.#versions.push(name)
    }
  }
}

/** Changed in place: of many made on one version, each may get its place. */
type Kept = { -readonly [Name in keyof Write]: Write[Name] }

const baseOf = ({ base }: Write): string => (base === undefined ? '' : nameOf(base))
