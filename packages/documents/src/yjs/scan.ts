import { ByteReader, BytesError } from '@rejoin/base'

/** Nesting of one value beyond which we do not follow: Yjs would run out of stack. */
const depthMax = 256
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads an update in encoding V1 from end to end and makes nothing of it, so that Yjs is given only bytes it
 * can decode. Counts are checked against the bytes that are left, before anything is allocated for them.
 * Throws `BytesError`, or what `JSON.parse` and `TextDecoder` throw.
 */
export function scanUpdate(bytes: Uint8Array): void {
  const reader = new ByteReader(bytes)
  for (let sections = count(reader, 3); sections > 0; sections--) {
    const structs = count(reader, 2)
    reader.number()
    let clock = reader.number()
    for (let i = 0; i < structs; i++) clock = safe(clock + structLength(reader))
  }
  scanDeletions(reader)
  reader.end()
}

function scanDeletions(reader: ByteReader): void {
  for (let clients = count(reader, 2); clients > 0; clients--) {
    reader.number()
    for (let ranges = count(reader, 2); ranges > 0; ranges--) safe(reader.number() + reader.number())
  }
}

/** Reads one struct and gives how many clocks it takes up. */
function structLength(reader: ByteReader): number {
  const info = reader.byte()
  const kind = info & 0b11111
  if (kind === 0 || info === 10) return atLeastOne(reader.number())
  const hasOrigin = (info & 0x80) !== 0
  const hasRightOrigin = (info & 0x40) !== 0
  if (hasOrigin) scanId(reader)
  if (hasRightOrigin) scanId(reader)
  if (!hasOrigin && !hasRightOrigin) {
    if (reader.number() === 1) textLength(reader)
    else scanId(reader)
    if ((info & 0x20) !== 0) textLength(reader)
  }
  return atLeastOne(contentLength(kind, reader))
}

function contentLength(kind: number, reader: ByteReader): number {
  switch (kind) {
    case 1: // deleted
      return reader.number()
    case 2: // JSON, of old versions
      return times(reader, scanOldJson)
    case 3: // binary
      reader.bytes()
      return 1
    case 4: // text
      return textLength(reader)
    case 5: // embedded object
      scanJson(reader)
      return 1
    case 6: // format
      textLength(reader)
      scanJson(reader)
      return 1
    case 7: // nested type
      scanType(reader)
      return 1
    case 8: // values
      return times(reader, scanValue)
    case 9: // nested document
      textLength(reader)
      // Yjs reads members of its options, and stumbles over `null`.
      if (127 - reader.byte() !== 9) throw new BytesError('options of a nested document are no object')
      scanMembers(reader, 0)
      return 1
    default:
      throw new BytesError(`content of unknown kind ${kind}`)
  }
}

function scanType(reader: ByteReader): void {
  const type = reader.number()
  if (type > 6) throw new BytesError(`nested type of unknown kind ${type}`)
  // Elements and hooks of XML carry a name.
  if (type === 3 || type === 5) textLength(reader)
}

/** One value in the encoding of lib0. */
function scanValue(reader: ByteReader, depth = 0): void {
  if (depth > depthMax) throw new BytesError('value nested too deeply')
  switch (127 - reader.byte()) {
    case 0: // undefined
    case 1: // null
    case 6: // false
    case 7: // true
      return
    case 2:
      return scanInteger(reader)
    case 3:
      return void reader.raw(4)
    case 4: // float
    case 5: // big integer
      return void reader.raw(8)
    case 8:
      return void textLength(reader)
    case 9:
      return scanMembers(reader, depth)
    case 10:
      for (let items = count(reader, 1); items > 0; items--) scanValue(reader, depth + 1)
      return
    case 11:
      return void reader.bytes()
    default:
      throw new BytesError('value of unknown kind')
  }
}

function scanMembers(reader: ByteReader, depth: number): void {
  for (let keys = count(reader, 2); keys > 0; keys--) {
    textLength(reader)
    scanValue(reader, depth + 1)
  }
}

/** A signed number: six bits in the first byte, seven in each further one. */
function scanInteger(reader: ByteReader): void {
  let byte = reader.byte()
  let value = byte & 0x3f
  for (let scale = 0x40; byte >= 0x80; scale *= 0x80) {
    byte = reader.byte()
    value = safe(value + (byte & 0x7f) * scale)
  }
}

function scanJson(reader: ByteReader): void {
  JSON.parse(utf8.decode(reader.bytes()))
}

function scanOldJson(reader: ByteReader): void {
  const text = utf8.decode(reader.bytes())
  if (text !== 'undefined') JSON.parse(text)
}

function scanId(reader: ByteReader): void {
  reader.number()
  reader.number()
}

/** Reads a text and gives its length in UTF-16 code units. */
function textLength(reader: ByteReader): number {
  const bytes = reader.bytes()
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0x80) return utf8.decode(bytes).length
  return bytes.length
}

function times(reader: ByteReader, scan: (reader: ByteReader) => void): number {
  const length = count(reader, 1)
  for (let i = 0; i < length; i++) scan(reader)
  return length
}

/** A count of things that take at least `bytesMin` bytes each. */
function count(reader: ByteReader, bytesMin: number): number {
  const value = reader.number()
  if (value * bytesMin > reader.remaining) throw new BytesError('count beyond the bytes')
  return value
}

function atLeastOne(length: number): number {
  if (length === 0) throw new BytesError('empty struct')
  return length
}

function safe(clock: number): number {
  if (!Number.isSafeInteger(clock)) throw new BytesError('number over 2^53 - 1')
  return clock
}
