import { documentKey, parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntityId, Generation, SpaceId } from '@rejoin/base'
import type { Entity, Update } from '@rejoin/documents'
import { documentsOf, hasDocument } from '@rejoin/schema'
import type { Collection, PartDocument } from '@rejoin/schema'
import { emptyBase } from '../replica/base-record.ts'

/** A document in memory, and what the replica must know to write its rows. */
export interface LiveDocument {
  readonly key: DocumentKey
  readonly at: PartDocument
  generation: Generation
  /** Which rebuild of the document is in memory. */
  branch: number
  /** Size of the stored tail on disk, for deciding when to pack it. */
  tailRows: number
  tailBytes: number
  baseBytes: number
}

/** Which entity it is. */
export interface EntityName {
  readonly space: SpaceId
  readonly collection: { readonly name: string }
  readonly id: string
}

export const entityName = ({ space, collection, id }: EntityName): string => `${space}|${collection.name}/${id}`

/** One entity in memory, shared by all of its handles: two copies under one client id would diverge. */
export class LiveEntity {
  readonly space: SpaceId
  readonly collection: Collection
  readonly id: EntityId
  readonly watchers: Set<() => void> = new Set()
  /** Told when the entity in memory is another one. */
  readonly replaced: Set<() => void> = new Set()
  entity: Entity
  handles = 0
  /** Transactions that are in memory only. While there are any, the entity stays. */
  unsaved = 0
  /** The space was left: there is nothing to read or write any more. */
  gone = false
  readonly #documents = new Map<DocumentKey, LiveDocument>()

  constructor(space: SpaceId, collection: Collection, id: EntityId, entity: Entity) {
    this.space = space
    this.collection = collection
    this.id = id
    this.entity = entity
    for (const at of documentsOf(collection)) this.documentAt(at)
  }

  /** Those that the entity has, or was seen to have: of each user a part may appear at any time. */
  get documents(): ReadonlyMap<DocumentKey, LiveDocument> {
    return this.#documents
  }

  /** Undefined for a document that the schema does not know. */
  documentAt(at: PartDocument): LiveDocument | undefined {
    const key = keyOf(this.collection, this.id, at)
    const known = this.#documents.get(key)
    if (known !== undefined || !hasDocument(this.collection, at)) return known
    const document = emptyLiveDocument(key, at)
    this.#documents.set(key, document)
    return document
  }

  apply(key: DocumentKey, updates: readonly Update[]): void {
    const document = this.documentAt(parseDocumentKey(key))
    if (document !== undefined) this.entity.apply(document.at, updates)
  }

  /** The documents were built anew: what was written to the old ones and is in memory only has no place in them. */
  rebuilt(entity: Entity, branch: number): void {
    for (const document of this.#documents.values()) document.branch = branch
    this.replace(entity)
  }

  /** Puts another one in the place of what is in memory, and tells those who hold a document of it. */
  replace(entity: Entity): void {
    const spent = this.entity
    this.entity = entity
    for (const tell of this.replaced) tell()
    spent.dispose()
  }
}

export const keyOf = (collection: Collection, entity: EntityId, at: PartDocument): DocumentKey =>
  documentKey({ collection: collection.name, entity, part: at.part, field: at.field })

const emptyLiveDocument = (key: DocumentKey, at: PartDocument): LiveDocument => ({
  key,
  at,
  generation: emptyBase.generation,
  branch: emptyBase.branch,
  tailRows: 0,
  tailBytes: 0,
  baseBytes: 0,
})
