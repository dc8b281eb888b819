import { ByteReader } from '@rejoin/base'
import { crc32 } from '../platform/checksum.ts'
import { sectorBytes } from './sectors.ts'

/**
 * A frame is what one write appends to a journal: checksum, number and length, then records, each behind its length; 4
 * bytes for each number. It begins with a sector and fills it up, so that no write touches one that was synced before.
 */
export interface Frame {
  readonly number: number
  /** Views into the journal. */
  readonly records: readonly Uint8Array[]
  /** Where the next one begins. */
  readonly end: number
}

const headBytes = 12

export function encodeFrame(number: number, records: readonly Uint8Array[]): Uint8Array {
  const length = records.reduce((sum, record) => sum + 4 + record.length, 0)
  const frame = new Uint8Array(sectorsOf(length))
  put32(frame, 4, number)
  put32(frame, 8, length)
  let at = headBytes
  for (const record of records) {
    put32(frame, at, record.length)
    frame.set(record, at + 4)
    at += 4 + record.length
  }
  put32(frame, 0, crc32(frame.subarray(4, at)))
  return frame
}

/** The frame that begins here; undefined if it is not whole. */
export function frameAt(journal: Uint8Array, offset: number): Frame | undefined {
  if (offset + headBytes > journal.length) return undefined
  const input = new ByteReader(journal.subarray(offset))
  const sum = input.fixed32()
  const number = input.fixed32()
  const length = input.fixed32()
  const end = offset + headBytes + length
  if (end > journal.length || crc32(journal.subarray(offset + 4, end)) !== sum) return undefined
  const records: Uint8Array[] = []
  for (let rest = length; rest > 0;) {
    const record = input.raw(input.fixed32())
    records.push(record)
    rest -= 4 + record.length
  }
  return { number, records, end: offset + sectorsOf(length) }
}

/** Whether a whole frame of a later number begins behind here: each was written after the one before it was synced. */
export function isFollowed(journal: Uint8Array, offset: number, number: number): boolean {
  for (let at = offset + sectorBytes; at < journal.length; at += sectorBytes)
    if ((frameAt(journal, at)?.number ?? 0) > number) return true
  return false
}

const sectorsOf = (length: number): number => Math.ceil((headBytes + length) / sectorBytes) * sectorBytes

function put32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value
  bytes[offset + 1] = value >>> 8
  bytes[offset + 2] = value >>> 16
  bytes[offset + 3] = value >>> 24
}
