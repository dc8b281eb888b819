import { parseDocumentKey, RejoinError } from '@rejoin/base'
import type { DocumentKey, EntityId, Log, SpaceId, Stamp, UserId, WriterId } from '@rejoin/base'
import { createEntity } from '@rejoin/documents'
import type { ClientIdSource, Entity, EntityLimits, Names } from '@rejoin/documents'
import type { Collection, PartDocument } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import { unlessLost } from '../engines.ts'
import type { ReplicaEngines } from '../engines.ts'
import { emptyBase } from '../replica/base-record.ts'
import type { Base } from '../replica/base-record.ts'
import type { Committer } from '../replica/committer.ts'
import { allUpdates, branchOf, readEntity, readWhole } from '../replica/reading.ts'
import type { Damaged, StoredDocument } from '../replica/reading.ts'
import { entityName, keyOf, LiveEntity } from './live-entity.ts'
import { loadEntity } from './loading.ts'
import type { PickedIds } from './picked-ids.ts'
import type { UndoBook } from './undo-book.ts'
import { WatchedEntity } from './watched-entity.ts'
import type { Use } from './watched-entity.ts'

export interface EntitiesDeps {
  readonly store: Store
  readonly committer: Committer
  readonly engines: ReplicaEngines
  readonly writer: WriterId
  readonly clientIds: PickedIds
  readonly nextStamp: () => Stamp
  readonly collectionNamed: (name: string) => Collection | undefined
  /** Who writes the parts of owners; undefined as long as nobody has signed in. */
  readonly user: UserId | undefined
  /** Who wrote what, for people. */
  readonly namesIn: (space: SpaceId) => Names
  readonly limits: Partial<EntityLimits>
  readonly undo: UndoBook
  readonly isJoined: (space: SpaceId) => boolean
  readonly damaged: (space: SpaceId) => Damaged
  /** The entity looks different now. */
  readonly changed: (live: LiveEntity) => void
  /** The entity was loaded, with whatever tails its documents have. */
  readonly loaded: (live: LiveEntity) => void
  /** The entity has bytes that no engine can read. */
  readonly unreadable: (space: SpaceId, entity: string) => void
  readonly log: Log
}

export interface Rebuilt {
  /** Undefined if the entity is not in memory. */
  readonly live: LiveEntity | undefined
  /** `notes/01J…`. */
  readonly entity: string
  readonly branch: number
  /** The bases to be put on disk with the change. */
  readonly bases: ReadonlyMap<DocumentKey, Base>
  /** Everything that is on disk, what is taken too. */
  readonly stored: Stored
  /** The documents anew, to be written to; undefined if the schema does not know the collection any more. */
  readonly fresh: { readonly entity: Entity; readonly place: LiveEntity } | undefined
  /** To be called once all is on disk. */
  readonly swap: () => void
  /** To be called if it will not be: nothing that was written to the documents counts. */
  readonly drop: () => void
}

export type Stored = ReadonlyMap<DocumentKey, StoredDocument>

/** The entities in memory: hydrated when a handle asks for one, let go when the last handle closes. */
export class Entities {
  readonly #deps: EntitiesDeps
  readonly #live = new Map<string, LiveEntity>()

  /** Spaces that are being left. */
  readonly #gone = new Set<SpaceId>()

  constructor(deps: EntitiesDeps) {
    this.#deps = deps
  }

  find(space: SpaceId, collection: string, id: string): LiveEntity | undefined {
    return this.#live.get(entityName({ space, collection: { name: collection }, id }))
  }

  /** The entity in memory to which the document belongs. */
  holding(space: SpaceId, document: DocumentKey): LiveEntity | undefined {
    const { collection, entity } = parseDocumentKey(document)
    return this.find(space, collection, entity)
  }

  /** The entity with what this device knows of it; counts as one more handle. */
  async acquire(space: SpaceId, collection: Collection, id: EntityId): Promise<LiveEntity> {
    const open = this.find(space, collection.name, id)
    const live = open === undefined ? await this.#hold(space, collection, id) : held(open)
    // The leaving may have begun since it was read.
    if (!live.gone) return live
    this.release(live)
    throw leftError(space)
  }

  #hold(space: SpaceId, collection: Collection, id: EntityId): Promise<LiveEntity> {
    return this.#deps.committer.exclusive(async () => {
      if (!this.#deps.isJoined(space)) throw leftError(space)
      const meanwhile = this.find(space, collection.name, id)
      if (meanwhile !== undefined) return held(meanwhile)
      const { store, damaged } = this.#deps
      const stored = await readEntity(store, space, collection.name, id, damaged(space))
      const live = this.#hydrate(space, collection, id, stored)
      live.gone = this.#gone.has(space)
      this.#live.set(entityName(live), live)
      this.#deps.loaded(live)
      return held(live)
    })
  }

  /** One handle less. The documents go once what was written is on disk. */
  release(live: LiveEntity): void {
    live.handles -= 1
    this.letGo(live)
  }

  /** To be called when nobody may need it in memory any longer. */
  letGo(live: LiveEntity): void {
    const name = entityName(live)
    if (live.handles > 0 || live.unsaved > 0 || this.#live.get(name) !== live) return
    live.entity.dispose()
    this.#live.delete(name)
  }

  changed(live: LiveEntity): void {
    this.#deps.changed(live)
  }

  /** What is written from now on is written under other CRDT client ids. */
  repick(): void {
    for (const { entity } of this.#live.values())
      unlessLost(() => {
        for (const document of entity.documents()) entity.apply(document, [])
      })
  }

  /**
   * Builds an entity anew from disk, without the rows that are taken, on a branch that is none of theirs. `swap`
   * puts it in the place of the one in memory; call it once the rows are gone from disk too. The branch is
   * written for entities that are closed as well: they will be opened again.
   */
  async rebuild(
    space: SpaceId,
    documents: readonly DocumentKey[],
    taken: ReadonlySet<number>,
    branchMin: number,
  ): Promise<Rebuilt> {
    const { store, damaged } = this.#deps
    const { collection, entity: id } = parseDocumentKey(documents[0] ?? '')
    const live = this.find(space, collection, id)
    const stored = await readWhole(store, space, collection, id, damaged(space))
    const concerned = new Set([...documents, ...stored.keys(), ...(live?.documents.keys() ?? [])])
    let branch = branchMin
    for (const key of concerned) {
      const found = stored.get(key)
      branch = Math.max(
        branch,
        (found === undefined ? 0 : branchOf(found)) + 1,
        (live?.documents.get(key)?.branch ?? 0) + 1,
      )
    }
    const bases = new Map([...concerned].map((key) => [key, { ...(stored.get(key)?.base ?? emptyBase), branch }]))
    const built = { live, entity: `${collection}/${id}`, branch, bases, stored }
    // What the edits of a closed entity did is not to be taken back either.
    const ended = (): void => this.#deps.undo.end({ space, collection: { name: collection }, id })
    const known = live?.collection ?? this.#deps.collectionNamed(collection)
    if (known === undefined) return { ...built, fresh: undefined, swap: ended, drop: nothing }
    const trial = this.#deps.clientIds.trial()
    const place = live ?? this.#hydrate(space, known, id, stored, { taken, clientIds: trial })
    const entity = live === undefined ? place.entity : this.#load(space, known, id, stored, { taken, clientIds: trial })
    const swap = (): void => {
      if (live === undefined) entity.dispose()
      else live.rebuilt(entity, branch)
      ended()
    }
    const drop = (): void => {
      entity.dispose()
      trial.giveBack()
    }
    return { ...built, fresh: { entity, place }, swap, drop }
  }

  /**
   * Loads the entity anew from disk, because what is in memory is of no use any more. Everything written to it is
   * on disk first: an edit made meanwhile lets it begin again.
   */
  refresh(live: LiveEntity): void {
    this.#deps.committer.insist('refresh', async () => {
      const { store, damaged } = this.#deps
      const stored = await readEntity(store, live.space, live.collection.name, live.id, damaged(live.space))
      if (this.find(live.space, live.collection.name, live.id) !== live) return
      if (live.unsaved > 0) return this.refresh(live)
      live.replace(this.#load(live.space, live.collection, live.id, stored))
      this.#deps.undo.end(live)
      this.changed(live)
    })
  }

  /** The space is being left: its entities answer no more, unless it stays after all. */
  setGone(space: SpaceId, gone: boolean): void {
    if (gone) this.#gone.add(space)
    else this.#gone.delete(space)
    for (const live of this.#live.values()) if (live.space === space) live.gone = gone
  }

  drop(space: SpaceId): void {
    this.#gone.delete(space)
    this.#deps.undo.drop(space)
    for (const [name, live] of this.#live) if (live.space === space) this.#live.delete(name)
  }

  #hydrate(space: SpaceId, collection: Collection, id: EntityId, stored: Stored, how?: LoadOptions): LiveEntity {
    const entity = this.#load(space, collection, id, stored, how)
    const live = new LiveEntity(space, collection, id, entity)
    for (const [key, found] of stored) {
      const document = live.documentAt(parseDocumentKey(key))
      if (document === undefined) continue
      document.generation = found.base.generation
      document.branch = branchOf(found)
      document.baseBytes = found.base.snapshot?.bytes.length ?? 0
      for (const { value } of found.rows) {
        if (value.kind === 'stored') {
          document.tailRows += 1
          document.tailBytes += value.update.bytes.length
        }
      }
    }
    return live
  }

  #load(space: SpaceId, collection: Collection, id: EntityId, stored: Stored, how: LoadOptions = {}): Entity {
    const { taken, clientIds = this.#deps.clientIds } = how
    const { engines, writer, user, nextStamp, limits, log, unreadable, namesIn, undo } = this.#deps
    const key = (at: PartDocument): DocumentKey => keyOf(collection, id, at)
    const names = namesIn(space)
    const engine = engines.of(collection)
    const use: Use = (act) => engines.use(engine, act)
    const made = (): Entity =>
      createEntity({
        collection,
        id,
        engine,
        writer,
        user,
        clientIds,
        key,
        nextStamp,
        limits,
        names,
        get capture() {
          return undo.captures({ space, collection, id })
        },
      })
    const create = (): Entity => new WatchedEntity(made(), use)
    const updates = new Map([...stored].map(([key, document]) => [key, allUpdates(document, taken)]))
    const place = { collection, id, engine, log, unreadable: () => unreadable(space, `${collection.name}/${id}`) }
    return use(() => loadEntity(create, place, updates))
  }
}

interface LoadOptions {
  /** Rows to be left out. */
  readonly taken?: ReadonlySet<number>
  readonly clientIds?: ClientIdSource
}

const nothing = (): void => undefined
const leftError = (space: SpaceId): RejoinError => new RejoinError('not-found', `The space ${space} was left.`)

function held(live: LiveEntity): LiveEntity {
  live.handles += 1
  return live
}
