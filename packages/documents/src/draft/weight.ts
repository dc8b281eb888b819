import type { Json } from '../engine.ts'

/** What one operation adds to an update beside its content, about. */
export const operationBytes = 16

/** What a removal adds to an update: a place in a range. */
export const removalBytes = 4

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

/** Bytes of a value as JSON, about. */
export function jsonBytes(value: Json): number {
  if (typeof value === 'string') return byteLength(value)
  return typeof value === 'object' && value !== null ? byteLength(JSON.stringify(value)) : 9
}
