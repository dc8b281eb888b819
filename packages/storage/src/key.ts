import { invariant } from '@rejoin/base'
import type { Batch, Range, Scan } from './store.ts'

/** Keys are printable ASCII, so that UTF-8 bytes, UTF-16 code units and every adapter agree on their order. */
export const keyLengthMax = 1024

const keyPattern = /^[\x20-\x7e]{1,1024}$/
/** A bound may also be empty, may be what `keyAfter` makes, and may end in DEL, the code after the last printable one. */
const boundPattern = /^[\x20-\x7e]{0,1024}[\x20-\x7f]?$/

export const everyKey: Range = { from: '', to: '\x7f' }

/** Every key that starts with `prefix`, itself included. */
export function prefixRange(prefix: string): Range {
  if (prefix === '') return everyKey
  checkKey(prefix)
  const last = prefix.length - 1
  return { from: prefix, to: prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1) }
}

/** The bound just above `key`, for reading on: `scan({ from: keyAfter(lastKey), to, limit })`. */
export const keyAfter = (key: string): string => `${key} `

export function checkKey(key: string): void {
  if (!keyPattern.test(key))
    invariant(false, `a key is 1 to ${keyLengthMax} printable ASCII characters, not ${shown(key)}`)
}

export function checkRange(range: Range): void {
  checkBound(range.from)
  checkBound(range.to)
}

export function checkScan(scan: Scan): void {
  checkRange(scan)
  const { limit } = scan
  invariant(
    limit === undefined || (Number.isSafeInteger(limit) && limit >= 0),
    `a limit is a whole number, not ${limit}`,
  )
}

/** Looks at every key before anything is done, so that broken code changes nothing. */
export function checkBatch(batch: Batch): void {
  for (const [key] of batch.expect ?? []) checkKey(key)
  for (const key of batch.remove ?? []) checkKey(key)
  for (const range of batch.removeRange ?? []) checkRange(range)
  for (const [key, value] of batch.put ?? []) {
    checkKey(key)
    if (!(value instanceof Uint8Array)) invariant(false, `the value of ${shown(key)} is not bytes`)
  }
}

function checkBound(bound: string): void {
  if (!boundPattern.test(bound))
    invariant(false, `a bound is up to ${keyLengthMax} printable ASCII characters, not ${shown(bound)}`)
}

// Messages are made only for broken code: this runs for every row of every batch.
const shown = (text: unknown): string => JSON.stringify(String(text).slice(0, 80))
