import assert from 'node:assert/strict'
import { ByteReader, ByteWriter, crc32 } from '@rejoin/base'

/** The bytes in which the client keeps a view, and its way to read them: it exports neither. */
export function encodeView(view: unknown): Uint8Array {
  const body = new ByteWriter().byte(1).text(JSON.stringify(view))
  return new ByteWriter(body.length + 4).fixed32(crc32(body.view())).raw(body.view()).finish()
}

export function decodeView(bytes: Uint8Array): unknown {
  const header = new ByteReader(bytes)
  const sum = header.fixed32()
  const body = header.raw(header.remaining)
  assert(crc32(body) === sum, 'the record is whole')
  const reader = new ByteReader(body)
  assert(reader.byte() === 1, 'the view is not stale')
  const view: unknown = JSON.parse(reader.text())
  reader.end()
  return view
}
