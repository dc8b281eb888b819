/** Chance from a seed: the same seed draws the same numbers. */
export interface Dice {
  /** In [0, 1). */
  next(): number
  chance(probability: number): boolean
  /** A whole number in [0, end). */
  below(end: number): number
  between(from: number, to: number): number
  pick<T>(list: readonly T[]): T
}

/** A Weyl sequence through a mixing function (Steele, Lea and Flood, "Fast splittable generators", 2014), 32 bits wide. */
export function diceOf(...names: readonly (string | number)[]): Dice {
  let state = hashOf(names.join('/'))
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    return mix(state) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    between: (from, to) => from + next() * (to - from),
    pick: <T>(list: readonly T[]): T => {
      const picked = list[below(list.length)]
      if (picked === undefined) throw new RangeError('There is nothing to pick from.')
      return picked
    },
  }
}

function mix(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  const b = Math.imul(a ^ (a >>> 15), 0x735a2d97)
  return (b ^ (b >>> 15)) >>> 0
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash)
}
