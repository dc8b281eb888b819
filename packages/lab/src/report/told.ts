import type { Estimate } from '../statistics/estimate.ts'

/**
 * As many digits as mean something, and an interval that is not told as narrower than it is: “12.3 ± 1.1”, or, where it
 * was cut on one side, “12.3 (0–45.1)”.
 */
export function told({ mean, low, high }: Estimate, scale = 1): string {
  const value = mean * scale
  if (value === 0) return '0'
  if (value < leastTold) return `<${space}${leastTold}`
  const digits = digitsOf(value)
  const text = grouped(value, digits)
  if (low === null || high === null) return text
  const [below, above] = [(mean - low) * scale, (high - mean) * scale]
  if (Math.max(below, above) < tiny) return text
  if (Math.abs(above - below) < tiny) return `${text}${space}±${space}${grouped(roundedUp(above, digits), digits)}`
  const from = low === 0 ? '0' : grouped(-roundedUp(-low * scale, digits), digits)
  return `${text}${space}(${from}–${grouped(roundedUp(high * scale, digits), digits)})`
}

/** With its sign: “+12.3 ± 1.1”, “−0.4”. */
export function toldDifference({ mean, low, high }: Estimate): string {
  const turned = (value: number | null): number | null => value && -value
  if (Math.abs(mean) < tiny) return '0'
  if (Math.abs(mean) * 100 < leastTold) return `<${space}${leastTold}`
  if (mean > 0) return `+${told({ mean, low, high }, 100)}`
  return `−${told({ mean: -mean, low: turned(high), high: turned(low) }, 100)}`
}

/** “12.3 ± 1.1 %”. */
export function toldShare(share: Estimate): string {
  if (share.mean === 1) return `100${space}%`
  const text = told(share, 100)
  return text === '0' ? text : `${text}${space}%`
}

/** What the mean alone reads as: equal words are equal to the reader. */
export const meanOnly = ({ mean }: Estimate): Estimate => ({ mean, low: null, high: null })

export const share = (value: number): string => toldShare({ mean: value, low: null, high: null })

/** A bound that a share is below: never rounded down. */
export function boundOf(value: number): string {
  const percent = value * 100
  const digits = Math.max(0, 1 - Math.floor(Math.log10(percent)))
  return `${roundedUp(percent, digits).toFixed(digits)}${space}%`
}

export const whole = (count: number): string => Math.round(count).toLocaleString('en')

/** “1 run”, “3,000 runs”. */
export const many = (count: number, one: string, several: string): string =>
  `${whole(count)} ${count === 1 ? one : several}`

const leastTold = 0.01
/** Lines do not break there. */
const space = '\u00a0'
/** Of what floating point adds to a sum. */
const tiny = 1e-9

const digitsOf = (value: number): number => (value >= 100 ? 0 : value >= 1 ? 1 : 2)

const roundedUp = (value: number, digits: number): number => Math.ceil(value * 10 ** digits - tiny) / 10 ** digits

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const units = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** “3 days”, “1.5 h”, “62 ms”; in the largest unit of which there is one, of days two. */
export function duration(ms: number): string {
  if (ms === 0) return '0'
  const [unit, size] = units.find(([unit, size]) => ms >= (unit === 'days' ? 2 : 1) * size) ?? ['ms', 1]
  return `${Number((ms / size).toPrecision(3))}${space}${unit}`
}

export function bytes(count: number): string {
  const [unit, size] =
    count >= 999_500 ? (['MB', 1e6] as const) : count >= 999.5 ? (['kB', 1e3] as const) : (['B', 1] as const)
  const value = count / size
  return `${value >= 99.95 || size === 1 ? whole(value) : value.toFixed(1)}${space}${unit}`
}

/** “1, 3–20”. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b)
  const starts = sorted.filter((number, i) => sorted[i - 1] !== number - 1)
  const ends = sorted.filter((number, i) => sorted[i + 1] !== number + 1)
  return starts.map((start, i) => (start === ends[i] ? `${start}` : `${start}–${ends[i] ?? start}`)).join(', ')
}
