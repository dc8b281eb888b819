import { ByteReader, ByteWriter } from '@rejoin/base'
import type { Batch } from '@rejoin/storage'

/**
 * A batch as the bytes of a journal: how many there are of each, all keys as one text, then the values. Its
 * expectations are part of it, so that doing it again decides as it did then.
 */
export function encodeBatch({ expect = [], remove = [], removeRange = [], put = [] }: Batch): Uint8Array {
  const keys: string[] = []
  for (const [key] of expect) keys.push(key)
  for (const key of remove) keys.push(key)
  for (const { from, to } of removeRange) keys.push(from, to)
  for (const [key] of put) keys.push(key)
  const text = keys.join(separator)
  const out = new ByteWriter(put.reduce((sum, [, value]) => sum + value.length + 4, text.length + 64))
  out.number(expect.length).number(remove.length).number(removeRange.length).number(put.length).text(text)
  for (const [, value] of expect) {
    out.byte(value === undefined ? 0 : 1)
    if (value !== undefined) out.bytes(value)
  }
  for (const [, value] of put) out.bytes(value)
  return out.view()
}

/** What was encoded, not a copy: values are views into `bytes`. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const input = new ByteReader(bytes)
  const [expected, removed, ranges, rows] = [input.number(), input.number(), input.number(), input.number()]
  const keys = input.text().split(separator)
  let at = 0
  const key = (): string => keys[at++] ?? ''
  const list = <T>(length: number, item: () => T): T[] => Array.from({ length }, item)
  const batch = {
    expect: list(expected, () => [key(), input.byte() === 0 ? undefined : input.bytes()] as const),
    remove: list(removed, key),
    removeRange: list(ranges, () => ({ from: key(), to: key() })),
    put: list(rows, () => [key(), input.bytes()] as const),
  }
  input.end()
  return batch
}

/** In no key and no bound. */
const separator = '\n'
