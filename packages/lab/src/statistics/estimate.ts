import { t95 } from './student.ts'

/** A mean over seeds with its 95 % confidence interval. */
export interface Estimate {
  readonly mean: number
  /** Null where so few seeds cannot tell. */
  readonly low: number | null
  readonly high: number | null
}

/** Of fewer seeds an interval tells more of Student's t than of them: that of two is twelve times their standard error. */
export const seedsForInterval = 5

/** By Student's t, as seeds are independent of each other. */
export function estimateOf(values: readonly number[]): Estimate {
  const count = values.length
  const mean = sumOf(values) / Math.max(1, count)
  if (count < seedsForInterval) return { mean, low: null, high: null }
  const variance = sumOf(values.map((value) => (value - mean) ** 2)) / (count - 1)
  const half = t95(count - 1) * Math.sqrt(variance / count)
  return { mean, low: mean - half, high: mean + half }
}

/** So many of so many, in one seed. */
export interface Share {
  readonly count: number
  readonly of: number
}

/**
 * The mean of the shares of the seeds, each of which counts alike. Where none was found in any of them Student's t would
 * say that there is none: there the rule of three tells how many there may be, 3 of all that were looked at, each by itself
 * and as if these were independent (Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA
 * 1983). Where all were found, likewise from the other side.
 */
export function estimateOfShares(shares: readonly Share[]): Estimate {
  const counted = shares.filter(({ of }) => of > 0)
  const all = sumOf(counted.map(({ of }) => of))
  const found = sumOf(counted.map(({ count }) => count))
  if (all === 0) return { mean: 0, low: null, high: null }
  if (found === 0) return { mean: 0, low: 0, high: Math.min(1, 3 / all) }
  if (found === all) return { mean: 1, low: Math.max(0, 1 - 3 / all), high: 1 }
  const { mean, low, high } = estimateOf(counted.map(({ count, of }) => count / of))
  return { mean, low: low === null ? null : Math.max(0, low), high: high === null ? null : Math.min(1, high) }
}

function sumOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
