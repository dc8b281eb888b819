import { entityId, parseDocumentKey } from '@rejoin/base'
import type { Clock, DocumentKey, EntityId, Log, SpaceId, Timers } from '@rejoin/base'
import { viewOf } from '@rejoin/documents'
import type { Engine, Update } from '@rejoin/documents'
import type { Collection, View } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { Entities } from '../live/entities.ts'
import type { BatchBuilder, Committer } from '../replica/committer.ts'
import { keys, partsOf, under } from '../replica/keys.ts'
import { allUpdates, readEntity } from '../replica/reading.ts'
import type { Damaged } from '../replica/reading.ts'
import { decodeView, encodeView } from '../replica/view-record.ts'

export interface ViewsDeps {
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly engine: Engine
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  readonly damaged: (space: SpaceId) => Damaged
  /** Characters of a long text that a list shows. */
  readonly viewTextMax: number
  /** How long deriving may hold the thread at a time, in milliseconds. */
  readonly sliceMs: number
}

/** A list that somebody watches: its views in memory, by id. */
interface Watched {
  readonly space: SpaceId
  readonly collection: Collection
  readonly views: Map<string, View>
  readonly shows: Set<(views: readonly View[]) => void>
  /** Ids whose view must be derived again. */
  readonly stale: Set<EntityId>
  loaded: boolean
}

/**
 * Views are a cache beside the documents: a commit marks what it touched as stale, and deriving follows in
 * slices, watched lists only. What nobody watches is derived when it is asked for.
 */
export class Views {
  readonly #deps: ViewsDeps
  readonly #watched = new Map<string, Watched>()
  /** Marked stale on disk since the open; saves writing the same mark again. */
  readonly #marked = new Set<string>()
  #cancelSlice: (() => void) | undefined
  #deriving = false
  #closed = false

  constructor(deps: ViewsDeps) {
    this.#deps = deps
  }

  /** Notes in the batch that this entity's view is out of date. */
  touch(batch: BatchBuilder, space: SpaceId, document: DocumentKey): void {
    const { collection, entity } = parseDocumentKey(document)
    const key = keys.view(space, collection, entity)
    if (!this.#marked.has(key)) {
      this.#marked.add(key)
      batch.put(key, encodeView({ stale: true }))
    }
    const watched = this.#watched.get(listName(space, collection))
    if (watched === undefined) return
    watched.stale.add(entity)
    this.#schedule()
  }

  async list(space: SpaceId, collection: Collection): Promise<readonly View[]> {
    const list: Watched = { space, collection, views: new Map(), shows: new Set(), stale: new Set(), loaded: false }
    await this.#load(list)
    await this.#derive(list, Number.POSITIVE_INFINITY)
    return sorted(list)
  }

  watch(space: SpaceId, collection: Collection, show: (views: readonly View[]) => void): () => void {
    const name = listName(space, collection.name)
    let list = this.#watched.get(name)
    if (list === undefined) {
      list = { space, collection, views: new Map(), shows: new Set(), stale: new Set(), loaded: false }
      this.#watched.set(name, list)
      this.#schedule()
    } else if (list.loaded) show(sorted(list))
    const watched = list
    watched.shows.add(show)
    return () => {
      watched.shows.delete(show)
      if (watched.shows.size === 0) this.#watched.delete(name)
    }
  }

  drop(space: SpaceId): void {
    for (const list of this.#watched.values()) {
      if (list.space !== space) continue
      list.views.clear()
      list.stale.clear()
      for (const show of list.shows) show([])
    }
    for (const key of this.#marked) if (key.startsWith(`view|${space}|`)) this.#marked.delete(key)
  }

  close(): void {
    this.#closed = true
    this.#cancelSlice?.()
  }

  #schedule(): void {
    if (this.#cancelSlice !== undefined || this.#deriving || this.#closed) return
    this.#cancelSlice = this.#deps.timers.after(0, () => {
      this.#cancelSlice = undefined
      this.#slice().catch((cause: unknown) => this.#deps.log('error', 'views.derive-failed', { reason: String(cause) }))
    })
  }

  async #slice(): Promise<void> {
    this.#deriving = true
    try {
      const until = this.#deps.clock.now() + this.#deps.sliceMs
      for (const list of this.#watched.values()) {
        const first = !list.loaded
        if (first) await this.#load(list)
        const changed = await this.#derive(list, until)
        if (!this.#closed && (changed || (first && list.stale.size === 0))) for (const show of list.shows) show(sorted(list))
      }
    } finally {
      this.#deriving = false
    }
    for (const list of this.#watched.values()) if (list.stale.size > 0 || !list.loaded) this.#schedule()
  }

  async #load(list: Watched): Promise<void> {
    await this.#deps.committer.exclusive(async () => {
      for (const [key, bytes] of await this.#deps.store.scan(under('view', list.space, list.collection.name))) {
        const id = entityId(partsOf(key)[3] ?? '')
        const record = decodeView(bytes)
        if (!record.ok || record.value.stale) list.stale.add(id)
        else if (record.value.view !== null) list.views.set(id, record.value.view as View)
      }
    })
    list.loaded = true
  }

  /** Derives stale views until the time is up. Returns whether the list looks different now. */
  async #derive(list: Watched, until: number): Promise<boolean> {
    let changed = false
    for (const id of [...list.stale]) {
      if (changed && this.#deps.clock.now() >= until) break
      list.stale.delete(id)
      const view = await this.#view(list, id)
      if (this.#closed) return false
      if (view === undefined) list.views.delete(id)
      else list.views.set(id, view)
      this.#save(list, id, view)
      changed = true
    }
    return changed
  }

  async #view(list: Watched, id: EntityId): Promise<View | undefined> {
    const { entities, store, engine, viewTextMax, damaged } = this.#deps
    const live = entities.find(list.space, list.collection.name, id)
    if (live !== undefined) return live.entity.exists() ? live.entity.view({ textMax: viewTextMax }) : undefined
    const stored = await readEntity(store, list.space, list.collection.name, id, damaged(list.space))
    const updates = new Map<DocumentKey, readonly Update[]>([...stored].map(([key, document]) => [key, allUpdates(document)]))
    return viewOf(list.collection, id, engine, updates, { textMax: viewTextMax })
  }

  #save(list: Watched, id: EntityId, view: View | undefined): void {
    const key = keys.view(list.space, list.collection.name, id)
    this.#marked.delete(key)
    this.#deps.committer.contribute({
      write: (batch) => {
        // A commit that touched the entity meanwhile has marked it again, and its mark must stay.
        if (!this.#marked.has(key)) batch.put(key, encodeView({ stale: false, view: view ?? null }))
      },
      durable: () => undefined,
    })
  }
}

const listName = (space: SpaceId, collection: string): string => `${space}|${collection}`

function sorted(list: Watched): readonly View[] {
  return [...list.views.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, view]) => view)
}
