import { ByteReader, crc32 } from '@rejoin/base'
import { sectorBytes } from './sectors.ts'

/**
 * A frame is what one write appends to a journal: checksum, number and length, 4 bytes each, and the payload. It begins
 * with a sector and fills it up, so that no write ever touches a sector that was synced before.
 */
export interface Frame {
  readonly number: number
  /** A view into the journal. */
  readonly payload: Uint8Array
  /** Where the next one begins. */
  readonly end: number
}

const headBytes = 12

export function encodeFrame(number: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(sectorsOf(payload.length))
  put32(frame, 4, number)
  put32(frame, 8, payload.length)
  frame.set(payload, headBytes)
  put32(frame, 0, crc32(frame.subarray(4, headBytes + payload.length)))
  return frame
}

/** The frame that begins here; undefined if it is not whole. */
export function frameAt(journal: Uint8Array, offset: number): Frame | undefined {
  if (offset + headBytes > journal.length) return undefined
  const head = new ByteReader(journal.subarray(offset, offset + headBytes))
  const sum = head.fixed32()
  const number = head.fixed32()
  const length = head.fixed32()
  const end = offset + headBytes + length
  if (end > journal.length || crc32(journal.subarray(offset + 4, end)) !== sum) return undefined
  return { number, payload: journal.subarray(offset + headBytes, end), end: offset + sectorsOf(length) }
}

/** Whether a whole frame of a later number begins behind here: each was written after the one before it was synced. */
export function isFollowed(journal: Uint8Array, offset: number, number: number): boolean {
  for (let at = offset + sectorBytes; at < journal.length; at += sectorBytes)
    if ((frameAt(journal, at)?.number ?? 0) > number) return true
  return false
}

const sectorsOf = (length: number): number => Math.ceil((headBytes + length) / sectorBytes) * sectorBytes

function put32(bytes: Uint8Array, offset: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[offset + i] = value >>> (8 * i)
}
