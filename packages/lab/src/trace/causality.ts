import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'

/** How many of each author's transactions were seen: an author's come one after another, so a number names them. */
type Seen = ReadonlyMap<number, number>

/** Tells, transaction by transaction, what its author sees for the first time. */
export class Causality {
  readonly #transactions: { readonly author: number; readonly nth: number; readonly seen: Seen }[] = []
  readonly #indexesOf = new Map<number, number[]>()

  /**
   * The transactions of others that `author` sees at `parents` and did not see at its transaction before this one,
   * ascending. The error is a clause about this transaction, and ends the account.
   */
  next(author: number, parents: readonly number[]): Result<readonly number[], string> {
    const own = this.#indexesOf.get(author) ?? []
    const last = own.at(-1)
    const before = (last === undefined ? undefined : this.#transactions[last]?.seen) ?? new Map<number, number>()
    const goesOn = parents.length === 1 && parents[0] === last
    const seen = goesOn ? before : this.#merged(parents)
    if (!goesOn && (seen.get(author) ?? 0) < own.length)
      return err(`does not come after transaction ${last} of the same author`)
    own.push(this.#transactions.length)
    this.#indexesOf.set(author, own)
    this.#transactions.push({ author, nth: own.length, seen })
    return ok(goesOn ? [] : this.#between(author, before, seen))
  }

  #merged(parents: readonly number[]): Seen {
    const merged = new Map<number, number>()
    const see = (nth: number, author: number): void => {
      if (nth > (merged.get(author) ?? 0)) merged.set(author, nth)
    }
    for (const parent of parents) {
      const { author, nth, seen } = this.#transactions[parent] ?? { author: 0, nth: 0, seen: new Map() }
      seen.forEach(see)
      see(nth, author)
    }
    return merged
  }

  #between(author: number, before: Seen, after: Seen): readonly number[] {
    const indexes: number[] = []
    for (const [other, nth] of after) {
      if (other === author) continue
      for (const index of (this.#indexesOf.get(other) ?? []).slice(before.get(other) ?? 0, nth)) indexes.push(index)
    }
    return indexes.sort((a, b) => a - b)
  }
}
