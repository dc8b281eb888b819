/** Three digits that mean something, thousands apart; a dash for what was not measured. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** As on an axis, where there is little room: 16k, 2.5M. */
export function short(value: number): string {
  for (const [unit, letter] of units)
    if (Math.abs(value) >= unit) return `${Number((value / unit).toPrecision(3))}${letter}`
  return String(Number(value.toPrecision(3)))
}

const units = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** What can be drawn: finite, and not so large that the arithmetic of scales overflows. */
export const isMeasured = (value: number | undefined): value is number => value !== undefined && Math.abs(value) < 1e100

/** What can be drawn on a logarithmic scale. */
export const hasLogarithm = (value: number): boolean => value > 1e-100 && value < 1e100
