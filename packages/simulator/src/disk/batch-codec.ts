import { ByteReader, ByteWriter } from '@rejoin/base'
import type { Batch } from '@rejoin/storage'

/** A batch as the bytes of a journal. Its expectations are part of it: doing it again decides as it did then. */
export function encodeBatch({ expect = [], remove = [], removeRange = [], put = [] }: Batch): Uint8Array {
  const out = new ByteWriter()
  out.number(expect.length)
  for (const [key, value] of expect) {
    out.text(key).byte(value === undefined ? 0 : 1)
    if (value !== undefined) out.bytes(value)
  }
  out.number(remove.length)
  for (const key of remove) out.text(key)
  out.number(removeRange.length)
  for (const { from, to } of removeRange) out.text(from).text(to)
  out.number(put.length)
  for (const [key, value] of put) out.text(key).bytes(value)
  return out.finish()
}

export function decodeBatch(bytes: Uint8Array): Batch {
  const input = new ByteReader(bytes)
  const list = <T>(item: () => T): T[] => Array.from({ length: input.number() }, item)
  const key = (): string => input.text()
  const expect = list(() => [key(), input.byte() === 0 ? undefined : input.bytes()] as const)
  const remove = list(key)
  const removeRange = list(() => ({ from: key(), to: key() }))
  const put = list(() => [key(), input.bytes()] as const)
  input.end()
  return { expect, remove, removeRange, put }
}
