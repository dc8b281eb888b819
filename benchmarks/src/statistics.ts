/** Middle and spread of repeated measurements. */
export interface Spread {
  readonly p5: number
  readonly median: number
  readonly p95: number
}

export function spread(values: readonly number[]): Spread {
  return { p5: quantile(values, 0.05), median: quantile(values, 0.5), p95: quantile(values, 0.95) }
}

/** Interpolates between the two nearest values, as R's default does. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * q
  const low = sorted[Math.floor(position)]
  const high = sorted[Math.ceil(position)]
  if (low === undefined || high === undefined) return Number.NaN
  return low + (high - low) * (position - Math.floor(position))
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
