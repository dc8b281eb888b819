export interface Point {
  readonly size: number
  readonly cost: number
}

/** `cost` grows as `size ** exponent`; the true exponent lies between `low` and `high` in 95 of 100 series. */
export interface Growth {
  readonly exponent: number
  readonly low: number
  readonly high: number
}

/**
 * Least squares on the logarithms, with Student's interval of the slope. Undefined for fewer than three
 * different sizes, where a line says nothing.
 */
export function growth(points: readonly Point[]): Growth | undefined {
  if (new Set(points.map(({ size }) => size)).size < 3) return undefined
  const xs = points.map(({ size }) => Math.log(size))
  const ys = points.map(({ cost }) => Math.log(cost))
  const meanX = mean(xs)
  const meanY = mean(ys)
  const spreadX = sum(xs.map((x) => (x - meanX) ** 2))
  const exponent = sum(xs.map((x, i) => (x - meanX) * ((ys[i] ?? 0) - meanY))) / spreadX
  const residuals = sum(ys.map((y, i) => (y - meanY - exponent * ((xs[i] ?? 0) - meanX)) ** 2))
  const freedom = points.length - 2
  const margin = student95(freedom) * Math.sqrt(residuals / freedom / spreadX)
  return { exponent, low: exponent - margin, high: exponent + margin }
}

/** Two-sided 95 % quantiles for 1 to 10 degrees of freedom; above, Cornish and Fisher's expansion is exact enough. */
const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

function student95(freedom: number): number {
  const normal = 1.959964
  return quantiles[freedom - 1] ?? normal + (normal ** 3 + normal) / (4 * freedom)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
