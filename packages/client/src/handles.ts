import { entityId, newEntityId, RejoinError, spaceId } from '@rejoin/base'
import type { Clock, Lane, Random, SpaceId } from '@rejoin/base'
import { canonicalHash } from '@rejoin/documents'
import type { EditResult } from '@rejoin/documents'
import { select } from '@rejoin/schema'
import type { Collection, Draft, Query, View } from '@rejoin/schema'
import type { CollectionHandle, EditOptions, EntityHandle, ListOptions, Receipt, SpaceOption } from './api.ts'
import type { Entities } from './live/entities.ts'
import type { LiveEntity } from './live/live-entity.ts'
import type { Views } from './views/views.ts'

export interface HandleDeps {
  readonly clock: Clock
  readonly random: Random
  readonly entities: Entities
  readonly views: Views
  /** The spaces of a kind that this replica has joined; the first is the default one. */
  readonly spacesOf: (kind: string) => readonly SpaceId[]
  /** Takes what an edit did on its way; throws what the edit threw. */
  readonly write: (live: LiveEntity, result: EditResult, lane: Lane) => Receipt
  readonly closed: () => boolean
}

export function createCollectionHandle<C extends Collection>(collection: C, deps: HandleDeps): CollectionHandle<C> {
  const spaceOf = (options: SpaceOption | undefined): SpaceId => {
    refuseClosed(deps)
    const joined = deps.spacesOf(collection.space)
    if (options?.space !== undefined) {
      const asked = spaceId(options.space)
      if (!joined.includes(asked))
        throw new RejoinError('not-found', `The space ${asked} is not joined as ${collection.space}; call join first.`)
      return asked
    }
    const [first] = joined
    if (first === undefined)
      throw new RejoinError(
        'bad-config',
        `No space of kind ${collection.space} is known; give one in \`spaces\` or call join.`,
      )
    return first
  }
  return {
    async create(initial, options) {
      const space = spaceOf(options)
      const id = options?.id === undefined ? newEntityId(deps.clock.now(), deps.random) : entityId(options.id)
      const live = await deps.entities.acquire(space, collection, id)
      try {
        deps.write(live, live.entity.create(initial), options?.lane ?? 'normal')
      } catch (error) {
        deps.entities.release(live)
        throw error
      }
      return new Handle<C>(live, deps)
    },
    async open(id, options) {
      const live = await deps.entities.acquire(spaceOf(options), collection, entityId(id))
      if (live.entity.exists()) return new Handle<C>(live, deps)
      deps.entities.release(live)
      return undefined
    },
    async list(options) {
      const query = toQuery(options)
      return select(await deps.views.list(spaceOf(options), collection), query) as readonly View<C>[]
    },
    watch(options, show) {
      const query = toQuery(options)
      const shows = changesOf(query, (views) => show(views as readonly View<C>[]))
      return deps.views.watch(spaceOf(options), collection, shows)
    },
  }
}

/** Of any collection. What is no query is refused at the call, not only when there is something to select from. */
function toQuery<C extends Collection>(options: ListOptions<C> | undefined): Query {
  const query = (options ?? {}) as Query
  select([], query)
  return query
}

/** Shows what the query selects of all views, unless it is what was shown before. */
function changesOf(query: Query, show: (views: readonly View[]) => void): (views: readonly View[]) => void {
  let shown: readonly View[] | undefined
  return (views) => {
    const now = select(views, query)
    // A view that changed is another object.
    if (shown?.length === now.length && shown.every((view, i) => view === now[i])) return
    shown = now
    show(now)
  }
}

class Handle<C extends Collection> implements EntityHandle<C> {
  readonly #live: LiveEntity
  readonly #deps: HandleDeps
  readonly #stops = new Set<() => void>()
  #open = true

  constructor(live: LiveEntity, deps: HandleDeps) {
    this.#live = live
    this.#deps = deps
  }

  get id(): LiveEntity['id'] {
    return this.#live.id
  }

  get space(): SpaceId {
    return this.#live.space
  }

  edit(change: (draft: Draft<C>) => void, options?: EditOptions): Receipt {
    const live = this.#opened()
    if (!live.entity.exists()) throw new RejoinError('not-found', goneMessage)
    const result = live.entity.edit('user', change)
    return this.#deps.write(live, result, options?.lane ?? 'normal')
  }

  view(): View<C> {
    return this.#opened().entity.view() as View<C>
  }

  watch(show: (view: View<C>) => void): () => void {
    const live = this.#opened()
    const tell = (): void => show(live.entity.view() as View<C>)
    const stop = (): void => {
      live.watchers.delete(tell)
      this.#stops.delete(stop)
    }
    // Listening begins before the first show, which may itself edit.
    live.watchers.add(tell)
    this.#stops.add(stop)
    try {
      tell()
    } catch (cause) {
      stop()
      throw cause
    }
    return stop
  }

  hash(): string {
    return canonicalHash(this.#opened().entity.canonical())
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    for (const stop of this.#stops) stop()
    this.#deps.entities.release(this.#live)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #opened(): LiveEntity {
    refuseClosed(this.#deps)
    if (!this.#open)
      throw new RejoinError('closed', 'This entity was closed; open it again before reading or editing it.')
    if (this.#live.gone) throw new RejoinError('closed', `The space ${this.#live.space} was left.`)
    return this.#live
  }
}

const goneMessage = 'This entity is not there any more: the server refused the write that made it.'

function refuseClosed(deps: HandleDeps): void {
  if (deps.closed()) throw new RejoinError('closed')
}
