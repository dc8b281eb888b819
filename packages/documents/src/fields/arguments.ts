import { badValue } from '@rejoin/schema'
import type { Field } from '@rejoin/schema'

/** Throws unless 0 ≤ index ≤ length. */
export function checkIndex(field: Field, index: number, length: number): void {
  if (Number.isSafeInteger(index) && index >= 0 && index <= length) return
  throw badValue(field, `index ${String(index)} is outside 0 to ${length}`)
}

/** Throws unless `count` members can be deleted from `index` on. */
export function checkRun(field: Field, index: number, count: number, length: number): void {
  checkIndex(field, index, length)
  if (Number.isSafeInteger(count) && count >= 0 && index + count <= length) return
  throw badValue(field, `count ${String(count)} from index ${index} passes the end at ${length}`)
}

/** The caller's array, its members not checked yet. */
export function acceptList(field: Field, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw badValue(field, `${value === null ? 'null' : typeof value} is not an array`)
}
