import type { Dice } from '@rejoin/simulator/network'

/** One of so many, the first likeliest: the k-th as 1 / k ** exponent. */
export function zipf(count: number, exponent: number, dice: Dice): number {
  let sum = 0
  for (let k = 1; k <= count; k++) sum += k ** -exponent
  let left = dice.float() * sum
  for (let k = 1; k < count; k++) {
    left -= k ** -exponent
    if (left < 0) return k - 1
  }
  return count - 1
}
