import { parseDocumentKey, RejoinError } from '@rejoin/base'
import type { CollectionName, DocumentKey, EntityId, SpaceId } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import type { Store } from '@rejoin/storage'
import { decodeBase, emptyBase } from './base-record.ts'
import type { Base } from './base-record.ts'
import { numberOf, partsOf, underEntity } from './keys.ts'
import { decodeRow, updatesOf } from './row.ts'
import type { Row } from './row.ts'

/** A document as it is on disk. */
export interface StoredDocument {
  readonly base: Base
  readonly rows: readonly { readonly row: number; readonly key: string; readonly value: Row }[]
}

/** Told of each record that fails its checksum. */
export type Damaged = (key: string, bytes: Uint8Array) => void

/**
 * Every document of an entity. Rows are read before bases: packing moves rows into the base in one
 * transaction, so this order can only see them twice, never not at all.
 */
export async function readEntity(
  store: Store,
  space: SpaceId,
  collection: CollectionName,
  entity: EntityId,
  damaged: Damaged,
): Promise<ReadonlyMap<DocumentKey, StoredDocument>> {
  const rows = await store.scan(underEntity('row', space, collection, entity))
  const bases = await store.scan(underEntity('base', space, collection, entity))
  const documents = new Map<DocumentKey, { base: Base; rows: StoredDocument['rows'][number][] }>()
  const at = (key: string): { base: Base; rows: StoredDocument['rows'][number][] } => {
    const document = documentOf(key)
    const found = documents.get(document) ?? { base: emptyBase, rows: [] }
    documents.set(document, found)
    return found
  }
  for (const [key, bytes] of bases) {
    const base = decodeBase(bytes)
    if (base.ok) at(key).base = base.value
    else damaged(key, bytes)
  }
  for (const [key, bytes] of rows) {
    const value = decodeRow(bytes)
    if (value.ok) at(key).rows.push({ row: numberOf(partsOf(key)[3] ?? ''), key, value: value.value })
    else damaged(key, bytes)
  }
  return documents
}

/**
 * As `readEntity`, for who writes documents anew: rejects with `storage-corrupt` if anything is damaged, since what
 * was made of the rest would hide that something is missing. To be tried again when it was seen to.
 */
export async function readWhole(
  store: Store,
  space: SpaceId,
  collection: CollectionName,
  entity: EntityId,
  damaged: Damaged,
): ReturnType<typeof readEntity> {
  let isWhole = true
  const stored = await readEntity(store, space, collection, entity, (key, bytes) => {
    isWhole = false
    damaged(key, bytes)
  })
  if (isWhole) return stored
  throw new RejoinError('storage-corrupt', `Something of ${collection}/${entity} is damaged.`)
}

/** The document that a key of the tables `base` and `row` belongs to; the keys are our own. */
export function documentOf(key: string): DocumentKey {
  const text = partsOf(key)[2] ?? ''
  parseDocumentKey(text)
  return text as DocumentKey
}

/** The branch on which it stands; the rows know it too, should the base be lost. */
export function branchOf({ base, rows }: StoredDocument): number {
  let { branch } = base
  for (const { value } of rows) if (value.kind === 'local') branch = Math.max(branch, value.branch)
  return branch
}

/** Everything that makes up the document, but the rows left out. */
export function allUpdates(document: StoredDocument, without: ReadonlySet<number> = new Set()): readonly Update[] {
  const updates: Update[] = document.base.snapshot === undefined ? [] : [document.base.snapshot]
  for (const { row, value } of document.rows) if (!without.has(row)) updates.push(...updatesOf(value))
  return updates
}

/** The base and what the server's log holds, without what still waits. */
export function updatesOfStored(document: StoredDocument): readonly Update[] {
  const waiting = document.rows.filter(({ value }) => value.kind === 'local').map(({ row }) => row)
  return allUpdates(document, new Set(waiting))
}
