import {
  BytesError,
  ByteReader,
  ByteWriter,
  collectionName,
  entityId,
  fieldName,
  firstGeneration,
  fromHex,
  invariant,
  isOpaqueId,
  sameGeneration,
  toHex,
  userId,
} from '@rejoin/base'
import type { DocumentAddress, Part } from '@rejoin/base'
import type { DocumentDeclaration } from './entries.ts'
import { readCount } from './field.ts'
import type { Field } from './field.ts'
import { laterGeneration } from './fields.ts'
import type { Limits } from './limits.ts'

/**
 * Declarations of documents, each told by what differs from the one before it in the frame: about 20 bytes for a
 * note with an id of ours, 3 for its text behind its registers.
 *
 * flags (1 byte), then in this order what they announce
 * - 1 slot: number; else the previous slot + 1 (the first: 0)
 * - 2 collection: name; else the same
 * - 4 entity; else the same — with 8: 16 bytes that are hex in memory, else name
 * - 16, 32 part: 0 shared, 1 server, 2 owner (then: user)
 * - 64 field: name, may be empty; else the same (the first: empty)
 * - 128 generation: number and id; else the first
 */
const flag = { slot: 1, collection: 2, entity: 4, packed: 8, part: 16, field: 64, generation: 128 } as const
const parts = { shared: 0, server: 1, owner: 2 } as const

export const documentDeclarations: Field<readonly DocumentDeclaration[]> = {
  shape: `[flags(slot+ collection= entity=|opaque part(shared server owner) field= generation:${laterGeneration.shape})](documentsPerFrameMax)`,
  write: (out, declarations) => {
    out.number(declarations.length)
    let before: DocumentDeclaration | undefined
    for (const declaration of declarations) {
      writeDeclaration(out, declaration, before)
      before = declaration
    }
  },
  read: (from, limits) => {
    const declarations: DocumentDeclaration[] = []
    for (let count = readCount(from, limits, 'documentsPerFrameMax'); count > 0; count--)
      declarations.push(readDeclaration(from, limits, declarations.at(-1)))
    return declarations
  },
}

function writeDeclaration(
  out: ByteWriter,
  { slot, address, generation }: DocumentDeclaration,
  before: DocumentDeclaration | undefined,
): void {
  const newSlot = slot !== (before?.slot ?? -1) + 1
  const newCollection = address.collection !== before?.address.collection
  const newEntity = address.entity !== before?.address.entity
  const packed = newEntity && isOpaqueId(address.entity)
  const newField = address.field !== (before?.address.field ?? '')
  const later = !sameGeneration(generation, firstGeneration)
  out.byte(
    (newSlot ? flag.slot : 0) |
      (newCollection ? flag.collection : 0) |
      (newEntity ? flag.entity : 0) |
      (packed ? flag.packed : 0) |
      (partNumber(address.part) * flag.part) |
      (newField ? flag.field : 0) |
      (later ? flag.generation : 0),
  )
  if (newSlot) out.number(slot)
  if (newCollection) out.text(address.collection)
  if (packed) writeHex(out, address.entity)
  else if (newEntity) out.text(address.entity)
  if (address.part.startsWith('owner:')) out.text(address.part.slice('owner:'.length))
  if (newField) out.text(address.field)
  if (later) laterGeneration.write(out, generation)
}

function readDeclaration(
  from: ByteReader,
  limits: Limits,
  before: DocumentDeclaration | undefined,
): DocumentDeclaration {
  const flags = from.byte()
  const has = (bit: number): boolean => (flags & bit) !== 0
  if (has(flag.packed) && !has(flag.entity)) throw new BytesError('a packed entity that is not there')
  const slot = has(flag.slot) ? from.number() : (before?.slot ?? -1) + 1
  const collection = has(flag.collection) ? collectionName(from.text()) : before?.address.collection
  const entity = has(flag.packed)
    ? entityId(toHex(from.raw(16)))
    : has(flag.entity)
      ? entityId(from.text())
      : before?.address.entity
  if (collection === undefined || entity === undefined)
    throw new BytesError('the first declaration names collection and entity')
  const part = readPart(from, (flags >> 4) & 3)
  const field = has(flag.field) ? readFieldName(from) : (before?.address.field ?? '')
  const generation = has(flag.generation) ? laterGeneration.read(from, limits) : firstGeneration
  return { slot, address: { collection, entity, part, field }, generation }
}

function partNumber(part: Part): number {
  return part === 'shared' ? parts.shared : part === 'server' ? parts.server : parts.owner
}

function readPart(from: ByteReader, number: number): Part {
  if (number === parts.shared) return 'shared'
  if (number === parts.server) return 'server'
  if (number === parts.owner) return `owner:${userId(from.text())}`
  throw new BytesError('unknown part')
}

function readFieldName(from: ByteReader): DocumentAddress['field'] {
  const text = from.text()
  return text === '' ? '' : fieldName(text)
}

function writeHex(out: ByteWriter, hex: string): void {
  const raw = fromHex(hex)
  invariant(raw, 'an opaque id is hex')
  out.raw(raw)
}
