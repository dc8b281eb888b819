import { documentKey } from '@rejoin/base'
import type { DocumentKey, EntityId, Generation, SpaceId } from '@rejoin/base'
import type { Entity, Update } from '@rejoin/documents'
import type { Collection, PartDocument } from '@rejoin/schema'
import { emptyBase } from '../replica/base-record.ts'

/** A document in memory, and what the replica must know to write its rows. */
export interface LiveDocument {
  readonly key: DocumentKey
  readonly at: PartDocument
  generation: Generation
  /** Which rebuild of the document is in memory. */
  branch: number
  /** Writes made on an earlier branch than this build on something that was refused, and go the same way. */
  branchMin: number
  /** Size of the stored tail on disk, for deciding when to pack it. */
  tailRows: number
  tailBytes: number
  baseBytes: number
}

/** One entity in memory, shared by all of its handles: two copies under one client id would diverge. */
export class LiveEntity {
  readonly space: SpaceId
  readonly collection: Collection
  readonly id: EntityId
  readonly documents: ReadonlyMap<DocumentKey, LiveDocument>
  readonly watchers: Set<() => void> = new Set()
  entity: Entity
  handles = 0
  /** Writes that are in memory only. While there are any, the entity stays. */
  unsaved = 0

  constructor(space: SpaceId, collection: Collection, id: EntityId, entity: Entity, documents: readonly LiveDocument[]) {
    this.space = space
    this.collection = collection
    this.id = id
    this.entity = entity
    this.documents = new Map(documents.map((document) => [document.key, document]))
  }

  documentAt(at: PartDocument): LiveDocument | undefined {
    return this.documents.get(keyOf(this.collection, this.id, at))
  }

  apply(key: DocumentKey, updates: readonly Update[]): void {
    const document = this.documents.get(key)
    if (document !== undefined) this.entity.apply(document.at, updates)
  }

  changed(): void {
    for (const show of this.watchers) show()
  }
}

export const keyOf = (collection: Collection, entity: EntityId, at: PartDocument): DocumentKey =>
  documentKey({ collection: collection.name, entity, part: at.part, field: at.field })

/** The registers of the shared part: the entity exists once they are there, so they travel first. */
export const rootKeyOf = (collection: Collection, entity: EntityId): DocumentKey =>
  keyOf(collection, entity, { part: 'shared', field: '' })

export const emptyLiveDocument = (key: DocumentKey, at: PartDocument): LiveDocument => ({
  key,
  at,
  generation: emptyBase.generation,
  branch: emptyBase.branch,
  branchMin: emptyBase.branch,
  tailRows: 0,
  tailBytes: 0,
  baseBytes: 0,
})
