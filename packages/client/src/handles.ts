import { entityId, newEntityId, RejoinError, spaceId } from '@rejoin/base'
import type { EntityId, SpaceId } from '@rejoin/base'
import type { EditResult, Entity } from '@rejoin/documents'
import { select } from '@rejoin/schema'
import type { Collection, Query, View } from '@rejoin/schema'
import type { CollectionHandle, EditOptions, EntityHandle, ListOptions, SpaceOption, UndoOption } from './api.ts'
import { Handle, refuseClosed } from './entity-handle.ts'
import type { HandleDeps } from './entity-handle.ts'
import type { LiveEntity } from './live/live-entity.ts'

interface Held<C extends Collection> {
  readonly live: LiveEntity
  readonly handle: Handle<C>
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
  const held = async (space: SpaceId, id: EntityId, options: UndoOption | undefined): Promise<Held<C>> => {
    const { entities, views, undo } = deps
    const live = await entities.acquire(space, collection, id)
    try {
      // What it refers to is read first: nothing may come between a look at the space and a write.
      const referring = await views.refer({ space, collection }, () => entities.changed(live))
      if (live.gone) throw new RejoinError('not-found', `The space ${space} was left.`)
      const undoing = options?.undo === true ? undo.begin(live) : undefined
      return { live, handle: new Handle<C>(live, deps, referring, undoing) }
    } catch (error) {
      entities.release(live)
      throw error
    }
  }
  const made = async (
    id: EntityId,
    make: (entity: Entity) => EditResult,
    options: (SpaceOption & EditOptions & UndoOption) | undefined,
  ): Promise<EntityHandle<C>> => {
    const { live, handle } = await held(spaceOf(options), id, options)
    try {
      deps.write(live, make(live.entity), options?.lane ?? 'normal')
    } catch (error) {
      await handle.close()
      throw error
    }
    return handle
  }
  return {
    async create(initial, options) {
      const id = options?.id === undefined ? newEntityId(deps.clock.now(), deps.random) : entityId(options.id)
      return made(id, (entity) => entity.create(initial), options)
    },
    async ensure(id, seed, options) {
      return made(entityId(id), (entity) => entity.ensure(seed), options)
    },
    async open(id, options) {
      const { live, handle } = await held(spaceOf(options), entityId(id), options)
      const life = live.entity.life()
      if (life === 'live' || (life !== 'absent' && options?.deleted === true)) return handle
      await handle.close()
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
