import { ByteReader, ByteWriter, crc32 } from '@rejoin/base'

/** The bytes in which the client keeps a view, and its way to read them: it exports neither. */
export function encodeView(view: unknown): Uint8Array {
  const body = new ByteWriter().byte(1).text(JSON.stringify(view))
  return new ByteWriter(body.length + 4).fixed32(crc32(body.view())).raw(body.view()).finish()
}

export function decodeView(bytes: Uint8Array): unknown {
  const reader = new ByteReader(bytes)
  if (reader.fixed32() !== crc32(bytes, 4)) throw new Error('the record is damaged')
  if (reader.byte() !== 1) throw new Error('the view is stale')
  const view: unknown = JSON.parse(reader.text())
  reader.end()
  return view
}
