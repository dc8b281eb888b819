/** Numbers that look like chance and follow from a seed. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** From 0, below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, limit)
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const [one, other] = [result[i] as T, result[j] as T]
      result[i] = other
      result[j] = one
    }
    return result
  }

  /** The items in pieces of 1 to `max`. */
  pieces<T>(items: readonly T[], max: number): T[][] {
    const result: T[][] = []
    for (let i = 0; i < items.length;) {
      const next = i + 1 + this.below(max)
      result.push(items.slice(i, next))
      i = next
    }
    return result
  }
}
