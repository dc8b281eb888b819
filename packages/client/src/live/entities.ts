import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntityId, Log, SpaceId, Stamp, WriterId } from '@rejoin/base'
import { createEntity } from '@rejoin/documents'
import type { ClientIds, Engine, Entity, Update } from '@rejoin/documents'
import { documentsOf } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { Base } from '../replica/base-record.ts'
import type { Committer } from '../replica/committer.ts'
import { allUpdates, emptyDocument, readEntity } from '../replica/reading.ts'
import type { Damaged, StoredDocument } from '../replica/reading.ts'
import { emptyLiveDocument, keyOf, LiveEntity } from './live-entity.ts'
import type { LiveDocument } from './live-entity.ts'

export interface EntitiesDeps {
  readonly store: Store
  readonly committer: Committer
  readonly engine: Engine
  readonly writer: WriterId
  readonly clientIds: ClientIds
  readonly nextStamp: () => Stamp
  readonly damaged: (space: SpaceId) => Damaged
  readonly log: Log
}

export interface Rebuilt {
  readonly live: LiveEntity
  /** The bases to be put on disk with the change. */
  readonly bases: ReadonlyMap<DocumentKey, Base>
  readonly swap: () => void
}

/** The entities in memory: hydrated when a handle asks for one, let go when the last handle closes. */
export class Entities {
  readonly #deps: EntitiesDeps
  readonly #live = new Map<string, LiveEntity>()

  constructor(deps: EntitiesDeps) {
    this.#deps = deps
  }

  find(space: SpaceId, collection: string, id: string): LiveEntity | undefined {
    return this.#live.get(nameOf(space, collection, id))
  }

  /** The entity in memory to which the document belongs. */
  holding(space: SpaceId, document: DocumentKey): LiveEntity | undefined {
    const { collection, entity } = parseDocumentKey(document)
    return this.find(space, collection, entity)
  }

  all(): Iterable<LiveEntity> {
    return this.#live.values()
  }

  /** The entity with what this device knows of it; counts as one more handle. */
  async acquire(space: SpaceId, collection: Collection, id: EntityId): Promise<LiveEntity> {
    const open = this.find(space, collection.name, id)
    if (open !== undefined) return held(open)
    return this.#deps.committer.exclusive(async () => {
      const meanwhile = this.find(space, collection.name, id)
      if (meanwhile !== undefined) return held(meanwhile)
      const { store, damaged } = this.#deps
      const stored = await readEntity(store, space, collection.name, id, damaged(space))
      const live = this.#hydrate(space, collection, id, stored)
      this.#live.set(nameOf(space, collection.name, id), live)
      return held(live)
    })
  }

  /** One handle less. The documents go once what was written is on disk. */
  async release(live: LiveEntity): Promise<void> {
    live.handles -= 1
    if (live.handles > 0) return
    await this.#deps.committer.exclusive(async () => {
      const name = nameOf(live.space, live.collection.name, live.id)
      if (live.handles > 0 || live.unsaved > 0 || this.#live.get(name) !== live) return
      this.#live.delete(name)
      live.entity.dispose()
    })
  }

  /**
   * Builds the documents anew from disk, without the rows that are taken. `swap` puts them in the place of
   * those in memory; call it once the rows are gone from disk too.
   */
  async rebuild(live: LiveEntity, documents: ReadonlySet<DocumentKey>, taken: ReadonlySet<number>): Promise<Rebuilt> {
    const { store, damaged } = this.#deps
    const stored = await readEntity(store, live.space, live.collection.name, live.id, damaged(live.space))
    const fresh = this.#newEntity(live.collection, live.id)
    const bases = new Map<DocumentKey, Base>()
    for (const document of live.documents.values()) {
      const found = stored.get(document.key) ?? emptyDocument
      this.#load(fresh, document, allUpdates(found, taken))
      if (documents.has(document.key)) bases.set(document.key, { ...found.base, branch: document.branchMin })
    }
    const swap = (): void => {
      live.entity.dispose()
      live.entity = fresh
      for (const document of live.documents.values()) document.branch = document.branchMin
    }
    return { live, bases, swap }
  }

  drop(space: SpaceId): void {
    for (const [name, live] of this.#live) if (live.space === space) this.#live.delete(name)
  }

  #hydrate(
    space: SpaceId,
    collection: Collection,
    id: EntityId,
    stored: ReadonlyMap<DocumentKey, StoredDocument>,
  ): LiveEntity {
    const entity = this.#newEntity(collection, id)
    const documents = documentsOf(collection).map((at) => {
      const document = emptyLiveDocument(keyOf(collection, id, at), at)
      const found = stored.get(document.key)
      if (found === undefined) return document
      this.#load(entity, document, allUpdates(found))
      document.generation = found.base.generation
      document.branch = found.base.branch
      document.branchMin = found.base.branch
      document.baseBytes = found.base.snapshot?.bytes.length ?? 0
      for (const { value } of found.rows) {
        if (value.kind === 'stored') {
          document.tailRows += 1
          document.tailBytes += value.update.bytes.length
        }
      }
      return document
    })
    return new LiveEntity(space, collection, id, entity, documents)
  }

  /** Bytes that no engine can read isolate themselves: the rest of the document is shown. */
  #load(entity: Entity, document: LiveDocument, updates: readonly Update[]): void {
    try {
      entity.load(document.at, updates)
    } catch {
      for (const update of updates) this.#loadOne(entity, document, update)
    }
  }

  #loadOne(entity: Entity, document: LiveDocument, update: Update): void {
    try {
      entity.load(document.at, [update])
    } catch (cause) {
      this.#deps.log('error', 'document.undecodable', { document: document.key, reason: String(cause) })
    }
  }

  #newEntity(collection: Collection, id: EntityId): Entity {
    const { engine, writer, clientIds, nextStamp } = this.#deps
    return createEntity({ collection, id, engine, writer, clientIds, key: (at) => keyOf(collection, id, at), nextStamp })
  }
}

function held(live: LiveEntity): LiveEntity {
  live.handles += 1
  return live
}

const nameOf = (space: SpaceId, collection: string, id: string): string => `${space}|${collection}/${id}`
