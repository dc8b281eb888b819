/** Numbers as people read them. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

export const fixed = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

export const bytesText = (value: number): string =>
  value < 1024 * 1024 ? `${fixed(value / 1024, 1)} KiB` : `${fixed(value / 1024 / 1024, 2)} MiB`

export const percent = (part: number, of: number): string => `${fixed((100 * part) / of, 1)} %`

export const times = (value: number, of: number): string => `${fixed(value / of, 2)} ×`

export const counted = (count: number, what: string): string => `${whole(count)} ${what}${count === 1 ? '' : 's'}`
