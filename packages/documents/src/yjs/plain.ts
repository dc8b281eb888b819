import { ByteReader, BytesError } from '@rejoin/base'
import * as Y from 'yjs'
import { checkPlace } from './structs.ts'
import type { Decoded, Struct } from './structs.ts'
import { readCount, readMembers, readTimes, readValue, safe } from './values.ts'

/**
 * Reads an update in encoding V1 from end to end and makes what Yjs would make of it, so that Yjs never meets bytes it
 * cannot decode. Counts are checked against the bytes that are left, before anything is allocated for them.
 * Throws `BytesError`, or what `JSON.parse` throws.
 */
export function decodePlain(bytes: Uint8Array, into: Decoded): void {
  const reader = new ByteReader(bytes)
  for (let left = readCount(reader, 3); left > 0; left--) into.sections.push(readSection(reader))
  for (let left = readCount(reader, 2); left > 0; left--) readDeletions(reader, into)
  reader.end()
}

function readSection(reader: ByteReader): Struct[] {
  const structs = new Array<Struct>(readCount(reader, 2))
  const client = reader.number()
  let clock = reader.number()
  for (let i = 0; i < structs.length; i++) {
    const struct = readStruct(reader, Y.createID(client, clock))
    if (struct.length === 0) throw new BytesError('empty struct')
    structs[i] = struct
    clock = safe(clock + struct.length)
  }
  return structs
}

function readStruct(reader: ByteReader, id: Y.ID): Struct {
  const info = reader.byte()
  const kind = info & 0b11111
  if (kind === 0) return new Y.GC(id, reader.number())
  if (info === 10) return new Y.Skip(id, reader.number())
  const origin = (info & 0x80) === 0 ? null : readId(reader)
  const rightOrigin = (info & 0x40) === 0 ? null : readId(reader)
  const alone = origin === null && rightOrigin === null
  const parent = alone ? readParent(reader) : null
  const key = alone && (info & 0x20) !== 0 ? reader.text() : null
  const item = new Y.Item(id, null, origin, null, rightOrigin, parent, key, readContent(kind, reader))
  checkPlace(item)
  return item
}

const readId = (reader: ByteReader): Y.ID => Y.createID(reader.number(), reader.number())

/** The name of a root stands for the root until the struct is taken in, as in what Yjs decodes. */
const readParent = (reader: ByteReader): Y.ID =>
  reader.number() === 1 ? (reader.text() as unknown as Y.ID) : readId(reader)

function readContent(kind: number, reader: ByteReader): Y.Item['content'] {
  switch (kind) {
    case 1:
      return new Y.ContentDeleted(reader.number())
    case 2:
      return new Y.ContentJSON(readTimes(reader, readOldJson))
    case 3:
      return new Y.ContentBinary(reader.bytes().slice())
    case 4:
      return new Y.ContentString(reader.text())
    case 5:
      return new Y.ContentEmbed(JSON.parse(reader.text()))
    case 6:
      return new Y.ContentFormat(reader.text(), JSON.parse(reader.text()))
    case 7:
      return new Y.ContentType(readType(reader))
    case 8:
      return new Y.ContentAny(readTimes(reader, readValue))
    case 9:
      return new Y.ContentDoc(readDoc(reader))
    default:
      throw new BytesError(`content of unknown kind ${kind}`)
  }
}

/** As versions before 13 wrote values. */
function readOldJson(reader: ByteReader): unknown {
  const text = reader.text()
  return text === 'undefined' ? undefined : JSON.parse(text)
}

function readType(reader: ByteReader): Y.ContentType['type'] {
  const type = reader.number()
  switch (type) {
    case 0:
      return new Y.Array()
    case 1:
      return new Y.Map()
    case 2:
      return new Y.Text()
    case 3:
      return new Y.XmlElement(reader.text())
    case 4:
      return new Y.XmlFragment()
    case 5:
      return new Y.XmlHook(reader.text())
    case 6:
      return new Y.XmlText()
    default:
      throw new BytesError(`nested type of unknown kind ${type}`)
  }
}

function readDoc(reader: ByteReader): Y.Doc {
  const guid = reader.text()
  if (127 - reader.byte() !== 9) throw new BytesError('options of a nested document are no object')
  const options = readMembers(reader, 0)
  return new Y.Doc({ guid, ...options, shouldLoad: Boolean(options['shouldLoad'] || options['autoLoad']) })
}

/** Those of one client. */
function readDeletions(reader: ByteReader, { deletions }: Decoded): void {
  const client = reader.number()
  for (let left = readCount(reader, 2); left > 0; left--) {
    const clock = reader.number()
    const end = safe(clock + reader.number())
    deletions.push({ client, clock, len: end - clock })
  }
}
