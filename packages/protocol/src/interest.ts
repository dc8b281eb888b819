import { collectionName, entityId, RejoinError } from '@rejoin/base'
import type { CollectionName, DocumentAddress, EntityId } from '@rejoin/base'

/** Names an entity inside a space: `notes/01J`. */
export type EntityKey = string & { readonly entityKey: true }

/**
 * What a stream carries of one space: whole collections, single entities. Both empty = everything. Always in
 * canonical order (sorted, unique, no entity of a named collection), so equal interests have equal bytes.
 */
export interface Interest {
  readonly collections: readonly CollectionName[]
  readonly entities: readonly EntityKey[]
}

export const everything: Interest = { collections: [], entities: [] }

export const entityKey = (collection: CollectionName, entity: EntityId): EntityKey =>
  `${collection}/${entity}` as EntityKey

/** Throws `bad-id` on anything that `entityKey` cannot have made. */
export function parseEntityKey(text: string): EntityKey {
  const [collection, entity, ...rest] = text.split('/')
  if (collection === undefined || entity === undefined || rest.length > 0)
    throw new RejoinError('bad-id', `${JSON.stringify(text.slice(0, 80))} is not an entity: collection/id.`)
  return entityKey(collectionName(collection), entityId(entity))
}

/** Puts names into canonical order. Throws `bad-id` on a name that is none. Naming nothing gives `everything`. */
export function interestIn(collections: Iterable<string>, entities: Iterable<string> = []): Interest {
  const whole = new Set([...collections].map(collectionName))
  const single = new Set([...entities].map(parseEntityKey))
  return { collections: [...whole].sort(), entities: [...single].filter((key) => !whole.has(collectionOf(key))).sort() }
}

export const isEverything = (interest: Interest): boolean =>
  interest.collections.length === 0 && interest.entities.length === 0

/** The interest as text, equal for equal interests only; `*` for everything. */
export const interestKey = (interest: Interest): string =>
  isEverything(interest) ? '*' : [...interest.collections, ...interest.entities].join(' ')

export const sameInterest = (a: Interest, b: Interest): boolean => interestKey(a) === interestKey(b)

/** The least interest that holds both. */
export const joinInterests = (a: Interest, b: Interest): Interest =>
  isEverything(a) || isEverything(b)
    ? everything
    : interestIn([...a.collections, ...b.collections], [...a.entities, ...b.entities])

/** A filter for hot paths: does the interest hold this document? */
export function interestFilter(interest: Interest): (address: DocumentAddress) => boolean {
  if (isEverything(interest)) return () => true
  const collections = new Set(interest.collections)
  const entities = new Set(interest.entities)
  return (address) => collections.has(address.collection) || entities.has(entityKey(address.collection, address.entity))
}

const collectionOf = (key: EntityKey): CollectionName => key.slice(0, key.indexOf('/')) as CollectionName
