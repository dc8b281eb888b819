import { entityId, parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntityId, Log, SpaceId, Timers } from '@rejoin/base'
import { summaryOf } from '@rejoin/documents'
import type { Summary } from '@rejoin/documents'
import type { View } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import { isLost } from '../engines.ts'
import type { ReplicaEngines } from '../engines.ts'
import type { CallApp } from '../guarded.ts'
import type { Entities } from '../live/entities.ts'
import { readable } from '../live/loading.ts'
import type { EntityUpdates } from '../live/loading.ts'
import type { BatchBuilder, Committer } from '../replica/committer.ts'
import { keys, partsOf, under } from '../replica/keys.ts'
import { allUpdates, readEntity } from '../replica/reading.ts'
import type { Damaged } from '../replica/reading.ts'
import { decodeView } from '../replica/view-record.ts'
import type { DisputeBook } from './dispute-book.ts'
import { isDeleted, Marks } from './marks.ts'
import { nameOf, ViewList } from './view-list.ts'
import type { Place } from './view-list.ts'

export interface DerivingDeps {
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly engines: ReplicaEngines
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number
  readonly timers: Timers
  readonly callApp: CallApp
  readonly log: Log
  readonly disputes: DisputeBook
  readonly damaged: (space: SpaceId) => Damaged
  /** The entity has bytes that no engine can read. */
  readonly unreadable: (space: SpaceId, entity: string) => void
  /** Characters of a long text that a list shows. */
  readonly viewTextMax: number
  /** How long deriving may hold the thread at a time, in milliseconds. */
  readonly sliceMs: number
  /** How soon deriving is tried again after the store could not be read. */
  readonly retryDelayMs: number
}

/**
 * Views are a cache beside the documents: a commit marks what it touched as stale, and deriving follows in
 * slices, watched lists only. What nobody watches is derived when it is asked for.
 */
export class Deriving {
  readonly #deps: DerivingDeps
  readonly #marks: Marks
  readonly #watched = new Map<string, ViewList>()
  #cancelSlice: (() => void) | undefined
  #deriving = false
  #closed = false

  constructor(deps: DerivingDeps) {
    this.#deps = deps
    this.#marks = new Marks(() => deps.committer.recoveries)
  }

  /** Notes in the batch that this entity's view is out of date. */
  touch(batch: BatchBuilder, space: SpaceId, document: DocumentKey): void {
    const { collection, entity } = parseDocumentKey(document)
    this.#marks.touch(batch, keys.view(space, collection, entity))
    this.#deriveLater(space, collection, entity)
  }

  /** The space was left. */
  drop(space: SpaceId): void {
    for (const list of this.#watched.values()) {
      if (list.space !== space) continue
      list.clear()
      this.#show(list)
    }
    this.#marks.drop(under('view', space).from)
  }

  close(): void {
    this.#closed = true
    this.#cancelSlice?.()
  }

  /** The list that is kept up to date, or is to be: someone must listen to it. */
  listOf(place: Place): ViewList {
    const name = nameOf(place)
    const list = this.#watched.get(name) ?? new ViewList(place)
    this.#watched.set(name, list)
    return list
  }

  /** Keeps the list up to date, and tells of changes, or that it is stuck, until the returned function is called. */
  listen(list: ViewList, changed: () => void): () => void {
    list.shows.add(changed)
    if (!list.loaded) this.#schedule()
    return () => {
      list.shows.delete(changed)
      if (list.shows.size === 0 && this.#watched.get(nameOf(list)) === list) this.#watched.delete(nameOf(list))
    }
  }

  /** Brings a list up to date now. */
  async fresh(list: ViewList): Promise<ViewList> {
    if (!list.loaded) await this.#load(list)
    while (list.stale.size > 0 && !this.#closed) await this.#derive(list)
    return list
  }

  /** Something of it is out of date, and its engine has failed. */
  isStuck({ stale, collection }: ViewList): boolean {
    return stale.size > 0 && this.#deps.engines.hasLost(collection)
  }

  /** As `fresh`, as far as can be: what its engine cannot read any more stays as it is known. */
  async known(list: ViewList): Promise<ViewList> {
    await this.fresh(list).catch(unlessOfEngine)
    return list
  }

  #deriveLater(space: SpaceId, collection: string, entity: EntityId): void {
    const list = this.#watched.get(`${space}|${collection}`)
    if (list === undefined) return
    list.stale.add(entity)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#cancelSlice !== undefined || this.#deriving || this.#closed) return
    this.#cancelSlice = this.#deps.timers.after(0, () => {
      this.#cancelSlice = undefined
      this.#slice().catch((cause: unknown) => {
        this.#deps.log('error', 'views.derive-failed', { reason: String(cause) })
        this.#deps.timers.after(this.#deps.retryDelayMs, () => this.#schedule())
      })
    })
  }

  async #slice(): Promise<void> {
    this.#deriving = true
    try {
      for (const list of this.#watched.values()) {
        const first = !list.loaded
        if (first) await this.#load(list)
        const changed = await this.#derive(list).catch(unlessOfEngine)
        if (!this.#closed && (changed === true || (first && !this.#isBehind(list)))) this.#show(list)
      }
    } finally {
      this.#deriving = false
    }
    for (const list of this.#watched.values()) if (this.#isBehind(list) || !list.loaded) this.#schedule()
  }

  #isBehind(list: ViewList): boolean {
    return list.stale.size > 0 && !this.isStuck(list)
  }

  async #load(list: ViewList): Promise<void> {
    await this.#deps.committer.exclusive(async () => {
      for (const [key, bytes] of await this.#deps.store.scan(under('view', list.space, list.collection.name))) {
        const id = entityId(partsOf(key)[3] ?? '')
        const record = decodeView(bytes)
        if (!record.ok) this.#deps.log('error', 'store.damaged', { key })
        if (!record.ok || record.value.stale || record.value.schema !== list.schema) list.stale.add(id)
        else list.set(id, (record.value.view as View | null) ?? undefined, record.value.isDeleted)
      }
    })
    list.loaded = true
  }

  /**
   * Derives a slice of the stale views. Returns whether the list looks different now. No transaction is under way
   * meanwhile: one that has marked a view and is not yet to be read would leave the old view behind, as a fresh one.
   */
  #derive(list: ViewList): Promise<boolean> {
    return this.#deps.committer.exclusive(async () => {
      const until = this.#deps.elapsed() + this.#deps.sliceMs
      let changed = false
      for (const id of list.stale) {
        if (changed && this.#deps.elapsed() >= until) break
        await this.#deriveOne(list, id)
        if (this.#closed) return false
        changed = true
      }
      return changed
    })
  }

  /** What could not be read stays stale. */
  async #deriveOne(list: ViewList, id: EntityId): Promise<void> {
    const { space, collection, stale } = list
    const key = keys.view(space, collection.name, id)
    stale.delete(id)
    const derivation = this.#marks.begin(key)
    let summary: Summary
    try {
      summary = await this.#summary(list, id)
    } catch (cause) {
      stale.add(id)
      throw cause
    }
    if (this.#closed) return
    const { disputes, committer } = this.#deps
    const at = keys.dispute(space, collection.name, id)
    disputes.note(at, summary.disputes, list.has(id) ? 'delivered' : 'loaded')
    list.set(id, summary.view, isDeleted(summary.life))
    const write = (batch: BatchBuilder): void => {
      if (this.#marks.save(batch, key, derivation, list.schema, summary)) disputes.write(batch, at, summary.disputes)
      else this.#deriveLater(space, collection.name, id)
    }
    committer.contribute({ write, durable: () => undefined })
  }

  async #summary({ space, collection }: Place, id: EntityId): Promise<Summary> {
    const { entities, store, viewTextMax, damaged } = this.#deps
    const options = { textMax: viewTextMax }
    const live = entities.find(space, collection.name, id)
    if (live !== undefined) {
      const { entity } = live
      const life = entity.life()
      return { life, view: life === 'live' ? entity.view(options) : undefined, disputes: entity.disputes() }
    }
    const stored = await readEntity(store, space, collection.name, id, damaged(space))
    const updates: EntityUpdates = new Map([...stored].map(([key, document]) => [key, allUpdates(document)]))
    const { engines } = this.#deps
    const engine = engines.of(collection)
    return engines.use(engine, () => {
      try {
        return summaryOf(collection, id, engine, updates, options)
      } catch (cause) {
        if (isLost(cause)) throw cause
        this.#unreadable(space, `${collection.name}/${id}`, cause)
        return summaryOf(collection, id, engine, readable(engine, updates), options)
      }
    })
  }

  #unreadable(space: SpaceId, entity: string, cause: unknown): void {
    this.#deps.log('error', 'document.undecodable', { entity, reason: String(cause) })
    this.#deps.unreadable(space, entity)
  }

  #show(list: ViewList): void {
    for (const show of [...list.shows]) this.#deps.callApp(show)
  }
}

/** A list whose engine has failed waits for the next open; the others go on. */
function unlessOfEngine(cause: unknown): undefined {
  if (!isLost(cause)) throw cause
}
