import type { Random } from '@rejoin/base'

/** Every chance of a world comes from its seed: mulberry32, by Tommy Ettinger; 32 bits of state are enough to differ by. */
export class Dice implements Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  float(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256))
  }

  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number {
    return Math.floor(this.float() * limit)
  }

  between(low: number, high: number): number {
    return low + this.float() * (high - low)
  }

  chance(probability: number): boolean {
    return this.float() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** Dice of that name, which belong to what these have come to and do not move them. */
  beside(name: string): Dice {
    return diceOf(this.#state, name)
  }

  /** Independent dice of their own, so that a change in one part of a world does not move all others. */
  fork(): Dice {
    return new Dice(this.below(2 ** 32))
  }
}

/** Dice for one named thing of a world: taking another thing out of it does not move them. */
export function diceOf(seed: number, ...names: readonly (string | number)[]): Dice {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const name of names) {
    const text = `${name}`
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0x2f, 0x01000193)
  }
  // FNV-1a leaves neighbours close to each other; the dice mix what they begin with.
  return new Dice(Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d))
}
