import { invariant } from '@rejoin/base'

/** Numbers in words that read back as the very same number. */

const pattern = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/

export function printNumber(value: number): string {
  invariant(Number.isFinite(value), 'a schedule has finite numbers only')
  return String(value)
}

export function readNumber(word: string | undefined): number | undefined {
  const value = word !== undefined && pattern.test(word) ? Number(word) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

export function readWhole(word: string | undefined): number | undefined {
  const value = word !== undefined && /^\d+$/.test(word) ? Number(word) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

/** Milliseconds as seconds. The point is moved in the text: a division would round. */
export function printSeconds(ms: number): string {
  invariant(Number.isFinite(ms) && ms >= 0, 'times begin at 0')
  const [digits = '', exponent] = String(ms).split('e')
  if (exponent !== undefined) return `${digits}e${Number(exponent) - 3}`
  const [whole = '', part = ''] = digits.split('.')
  const padded = whole.padStart(4, '0')
  return `${padded.slice(0, -3)}.${padded.slice(-3)}${part}`
}

/** Seconds as milliseconds, by the text too. */
export function readSeconds(word: string | undefined): number | undefined {
  if (readNumber(word) === undefined) return undefined
  const [digits = '', exponent = '0'] = (word ?? '').split('e')
  const ms = Number(`${digits}e${Number(exponent) + 3}`)
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined
}
