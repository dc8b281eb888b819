/** Numbers as people read them. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

export const fixed = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** In decimal units, as the lab's report has them. */
export function bytesText(value: number): string {
  if (value < 999.5) return `${whole(value)} B`
  return value < 999_950 ? `${fixed(value / 1e3, 1)} kB` : `${fixed(value / 1e6, 2)} MB`
}

export const percent = (part: number, of: number): string => `${fixed((100 * part) / of, 1)} %`

export const times = (value: number, of: number): string => `${fixed(value / of, 2)} ×`

export const counted = (count: number, what: string): string => `${whole(count)} ${what}${count === 1 ? '' : 's'}`
