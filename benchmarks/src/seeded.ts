import type { Random } from '@rejoin/base'

/** A source of randomness that gives the same every time. */
export interface Seeded extends Random {
  /** A whole number from 0 to `below` - 1. */
  integer(below: number): number
  /** Letters a to z. */
  word(length: number): string
}

/** Steele, Lea and Flood's splitmix with 32 bits of state: plenty for input, nothing for secrets. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const float = (): number => next() / 2 ** 32
  const integer = (below: number): number => Math.floor(float() * below)
  return {
    float,
    integer,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    word: (length) => Array.from({ length }, () => String.fromCharCode(97 + integer(26))).join(''),
  }
}
