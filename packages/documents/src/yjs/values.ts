import { BytesError } from '@rejoin/base'
import type { ByteReader } from '@rejoin/base'

/** Nesting of one value beyond which we do not follow: Yjs would run out of stack. */
const depthMax = 256
/** So many items have their places before they are read. */
const few = 8
const fixed = new DataView(new ArrayBuffer(8))

/** One value in the encoding of lib0. A `__proto__` in the bytes becomes a member of this name and no prototype. */
export function readValue(reader: ByteReader, depth = 0): unknown {
  if (depth > depthMax) throw new BytesError('value nested too deeply')
  switch (127 - reader.byte()) {
    case 0:
      return undefined
    case 1:
      return null
    case 2:
      return readInteger(reader)
    case 3:
      return readFixed(reader, 4).getFloat32(0)
    case 4:
      return readFixed(reader, 8).getFloat64(0)
    case 5:
      return readFixed(reader, 8).getBigInt64(0)
    case 6:
      return false
    case 7:
      return true
    case 8:
      return reader.text()
    case 9:
      return readMembers(reader, depth)
    case 10:
      return readTimes(reader, () => readValue(reader, depth + 1))
    case 11:
      return reader.bytes().slice()
    default:
      throw new BytesError('value of unknown kind')
  }
}

/** As many things as a count says, each of at least one byte. */
export function readTimes<T>(reader: ByteReader, read: (reader: ByteReader) => T): T[] {
  const count = readCount(reader, 1)
  // An array that grows keeps room for more, and most have one item; but one inside the other, all could claim many.
  const items = new Array<T>(Math.min(count, few))
  for (let i = 0; i < count; i++) items[i] = read(reader)
  return items
}

/** A count of things that take at least `bytesMin` bytes each. */
export function readCount(reader: ByteReader, bytesMin: number): number {
  const count = reader.number()
  if (count * bytesMin > reader.remaining) throw new BytesError('count beyond the bytes')
  return count
}

/** A number that we have made of numbers of the bytes. */
export function safe(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new BytesError('number over 2^53 - 1')
  return sum
}

/** The members of an object. */
export function readMembers(reader: ByteReader, depth: number): Record<string, unknown> {
  const members: [string, unknown][] = []
  for (let left = readCount(reader, 2); left > 0; left--) members.push([reader.text(), readValue(reader, depth + 1)])
  return Object.fromEntries(members)
}

/** A signed number: six bits in the first byte, seven in each further one. */
function readInteger(reader: ByteReader): number {
  let byte = reader.byte()
  const sign = (byte & 0x40) === 0 ? 1 : -1
  let value = byte & 0x3f
  for (let scale = 0x40; byte >= 0x80; scale *= 0x80) {
    byte = reader.byte()
    value = safe(value + (byte & 0x7f) * scale)
  }
  return sign * value
}

/** The next bytes, highest first, to be read as one number at once. */
function readFixed(reader: ByteReader, count: number): DataView {
  for (let i = 0; i < count; i++) fixed.setUint8(i, reader.byte())
  return fixed
}
