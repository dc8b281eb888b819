import { ByteReader, ByteWriter, BytesError, crc32, err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'

/** Every value on disk: the CRC-32 of the body, then the body. A damaged record is found before it is used. */
export function sealRecord(body: ByteWriter): Uint8Array {
  return new ByteWriter(body.length + 4).fixed32(crc32(body.view())).raw(body.view()).finish()
}

export interface Damage {
  readonly kind: 'storage-corrupt'
  readonly message: string
}

/** Whether the checksum is that of the body. */
export const isSound = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && new ByteReader(bytes).fixed32() === crc32(bytes, 4)

/** Reads one record; every failure is damage, never a throw. */
export function openRecord<T>(bytes: Uint8Array, read: (body: ByteReader) => T): Result<T, Damage> {
  try {
    const reader = new ByteReader(bytes)
    if (reader.fixed32() !== crc32(bytes, 4))
      return err({ kind: 'storage-corrupt', message: 'a record fails its checksum' })
    const value = read(reader)
    reader.end()
    return ok(value)
  } catch (cause) {
    if (cause instanceof BytesError) return err({ kind: 'storage-corrupt', message: `a record is ${cause.message}` })
    throw cause
  }
}
