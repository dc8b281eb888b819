import type { CollectionName, DocumentKey, EntityId, SpaceId, WriterId } from '@rejoin/base'

/**
 * The layout of a replica in its store [disk]. Keys are printable ASCII; numbers are fixed-width
 * hexadecimal, so that the order of keys is the order of numbers.
 *
 * | key | value |
 * |---|---|
 * | `meta` | device, counters, clock |
 * | `space|S` | kind, interests and their cursors, greatest token |
 * | `writer|W` | principal and CRDT client ids of a writer of this replica |
 * | `numbers|W|S` | entries sealed and answered by the writer in the space |
 * | `receipts|W` | transactions of the writer that were stored or rejected |
 * | `base|S|D` | document: generation, branch, snapshot |
 * | `row|S|D|N` | tail row of the document |
 * | `waiting|N` | key of a row that the server has not acknowledged |
 * | `entry|W|S|N` | sealed, unanswered entry |
 * | `view|S|C|E` | view of an entity, or a stale mark |
 * | `dispute|S|C|E` | what competes in an entity, if anything does |
 * | `author|S|W` | user of a writer of another replica |
 * | `quarantine|N` | a row that was refused, and why |
 * | `damaged|K` | bytes that were found damaged under the key K |
 * | `lost|K` | the same, of writes that the server never had |
 */
const number = (n: number): string => n.toString(16).padStart(12, '0')

export const keys = {
  meta: 'meta',
  space: (space: SpaceId): string => `space|${space}`,
  writer: (writer: WriterId): string => `writer|${writer}`,
  numbers: (writer: WriterId, space: SpaceId): string => `numbers|${writer}|${space}`,
  receipts: (writer: WriterId): string => `receipts|${writer}`,
  base: (space: SpaceId, document: DocumentKey): string => `base|${space}|${document}`,
  row: (space: SpaceId, document: DocumentKey, row: number): string => `row|${space}|${document}|${number(row)}`,
  waiting: (row: number): string => `waiting|${number(row)}`,
  entry: (writer: WriterId, space: SpaceId, n: number): string => `entry|${writer}|${space}|${number(n)}`,
  view: (space: SpaceId, collection: CollectionName, entity: EntityId): string =>
    `view|${space}|${collection}|${entity}`,
  dispute: (space: SpaceId, collection: CollectionName, entity: EntityId): string =>
    `dispute|${space}|${collection}|${entity}`,
  author: (space: SpaceId, writer: WriterId): string => `author|${space}|${writer}`,
  quarantine: (row: number): string => `quarantine|${number(row)}`,
  damaged: (key: string): string => `damaged|${key}`,
  lost: (key: string): string => `lost|${key}`,
} as const

/** What was set aside fails its checksum for ever, and nobody reads it. */
export const isAside = (key: string): boolean => key.startsWith('damaged|') || key.startsWith('lost|')

export interface KeyRange {
  readonly from: string
  readonly to: string
}

/** Every key that goes on after these parts: `under('row', space, document)`. */
export function under(...parts: readonly string[]): KeyRange {
  const prefix = parts.join('|')
  return { from: `${prefix}|`, to: `${prefix}}` }
}

/** The rows of every document of an entity, and likewise its bases. */
export function underEntity(
  table: 'row' | 'base',
  space: SpaceId,
  collection: CollectionName,
  entity: EntityId,
): KeyRange {
  const prefix = `${table}|${space}|${collection}/${entity}`
  return { from: `${prefix}/`, to: `${prefix}0` }
}

/** The parts of a key; ids never contain the separator. */
export const partsOf = (key: string): readonly string[] => key.split('|')
export const numberOf = (part: string): number => Number.parseInt(part, 16)
