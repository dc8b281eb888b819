import { RejoinError } from './error.ts'
import { collectionName, entityId, fieldName, userId } from './ids.ts'
import type { CollectionName, EntityId, FieldName, UserId } from './ids.ts'

/** A slice of an entity with its own write right: everyone who may write the space, one user, or the server. */
export type Part = 'shared' | 'server' | `owner:${UserId}`

/** Names the CRDT unit inside a space. `field` is empty for the document that holds the part's registers. */
export interface DocumentAddress {
  readonly collection: CollectionName
  readonly entity: EntityId
  readonly part: Part
  readonly field: FieldName | ''
}

/** The address as text: `notes/01J/shared/body`, `notes/01J/shared/` for the registers. Unique inside a space. */
export type DocumentKey = string & { readonly documentKey: true }

export const documentKey = (address: DocumentAddress): DocumentKey =>
  `${address.collection}/${address.entity}/${address.part}/${address.field}` as DocumentKey

/** The registers of the entity's shared part: the entity exists once they are there, so they travel before all else of it. */
export const rootKey = ({ collection, entity }: Pick<DocumentAddress, 'collection' | 'entity'>): DocumentKey =>
  documentKey({ collection, entity, part: 'shared', field: '' })

/** Throws `bad-id` on anything that `documentKey` cannot have made. */
export function parseDocumentKey(text: string): DocumentAddress {
  const [collection, entity, part, field, ...rest] = text.split('/')
  if (collection === undefined || entity === undefined || part === undefined || field === undefined || rest.length > 0)
    throw new RejoinError('bad-id', `${JSON.stringify(text.slice(0, 80))} is not a document address.`)
  return {
    collection: collectionName(collection),
    entity: entityId(entity),
    part: parsePart(part),
    field: field === '' ? '' : fieldName(field),
  }
}

function parsePart(text: string): Part {
  if (text === 'shared' || text === 'server') return text
  if (text.startsWith('owner:')) return `owner:${userId(text.slice('owner:'.length))}`
  throw new RejoinError('bad-id', `${JSON.stringify(text.slice(0, 40))} is not a part: shared, server or owner:<user>.`)
}

/** The life of a document on the server. Compared by id; the higher number replaces, the lower is ignored. */
export interface Generation {
  readonly number: number
  /** 16 random bytes as hex; empty for the first generation, which any device may start without the server. */
  readonly id: string
}

export const firstGeneration: Generation = { number: 0, id: '' }
export const sameGeneration = (a: Generation, b: Generation): boolean => a.id === b.id
