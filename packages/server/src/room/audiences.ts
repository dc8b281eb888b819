import { interestKey, isEverything } from '@rejoin/protocol'
import type { Interest } from '@rejoin/protocol'
import type { LogRow } from '../log/records.ts'
import type { Audience } from './audience.ts'
import { nameOf } from './range.ts'
import type { Names } from './range.ts'

/** The audiences of a room by the names in their interests: what concerns nobody costs nothing, however many there are. */
export class Audiences implements Iterable<Audience> {
  readonly #byInterest = new Map<string, Audience>()
  readonly #byName = new Map<string, Set<Audience>>()

  get size(): number {
    return this.#byInterest.size
  }

  [Symbol.iterator](): Iterator<Audience> {
    return this.#byInterest.values()
  }

  with(interest: Interest): Audience | undefined {
    return this.#byInterest.get(interestKey(interest))
  }

  add(audience: Audience): void {
    this.#byInterest.set(interestKey(audience.interest), audience)
    for (const name of namesIn(audience.interest)) {
      const named = this.#byName.get(name)
      if (named === undefined) this.#byName.set(name, new Set([audience]))
      else named.add(audience)
    }
  }

  delete(audience: Audience): void {
    this.#byInterest.delete(interestKey(audience.interest))
    for (const name of namesIn(audience.interest)) {
      const named = this.#byName.get(name)
      named?.delete(audience)
      if (named?.size === 0) this.#byName.delete(name)
    }
  }

  /** The rows that each audience wants, in order; those that want none are left out. */
  rowsFor(rows: readonly LogRow[], names: Names): ReadonlyMap<Audience, readonly LogRow[]> {
    const wanted = new Map<Audience, LogRow[]>()
    for (const row of rows) {
      const { key } = nameOf(row, names)
      const first = key.indexOf('/')
      // An interest names no entity of a collection that it names: nobody is found twice.
      for (const name of [all, key.slice(0, first), key.slice(0, key.indexOf('/', first + 1))]) {
        for (const audience of this.#byName.get(name) ?? none) {
          const own = wanted.get(audience)
          if (own === undefined) wanted.set(audience, [row])
          else own.push(row)
        }
      }
    }
    return wanted
  }
}

/** No name has a star. */
const all = '*'
const none: ReadonlySet<Audience> = new Set()

const namesIn = (interest: Interest): readonly string[] =>
  isEverything(interest) ? [all] : [...interest.collections, ...interest.entities]
