import { entityId, RejoinError, spaceId } from '@rejoin/base'
import type { SpaceId, Timers } from '@rejoin/base'
import type { Conflict, Names, Resolution } from '@rejoin/documents'
import { fieldsOf } from '@rejoin/schema'
import type { Collections, Conflicts, EditOptions, EntityConflict, Receipt } from './api.ts'
import type { Write } from './entity-handle.ts'
import type { CallApp } from './guarded.ts'
import type { Authors } from './live/authors.ts'
import type { Entities } from './live/entities.ts'
import type { Spaces } from './spaces.ts'
import type { DisputeBook } from './views/dispute-book.ts'
import type { Place } from './views/view-list.ts'
import type { Views } from './views/views.ts'

export interface ConflictsDeps {
  readonly collections: Collections
  readonly spaces: Spaces
  readonly disputes: DisputeBook
  readonly views: Views
  readonly entities: Entities
  readonly authors: Authors
  readonly write: Write
  readonly timers: Timers
  readonly callApp: CallApp
}

/** The open conflicts of all entities: from the book beside the views, so that no document is opened to list them. */
export class OpenConflicts implements Conflicts {
  readonly #deps: ConflictsDeps

  constructor(deps: ConflictsDeps) {
    this.#deps = deps
  }

  async list(options?: { readonly space?: string }): Promise<readonly EntityConflict[]> {
    const space = options?.space === undefined ? undefined : spaceId(options.space)
    for (const place of this.#places())
      if (space === undefined || place.space === space) await this.#deps.views.derive(place)
    return this.#now(space)
  }

  watch(show: (conflicts: readonly EntityConflict[]) => void): () => void {
    const { views, disputes, spaces, timers, callApp } = this.#deps
    const following = new Map<string, () => void>()
    /** Places whose views are not derived yet. */
    const unknown = new Set<string>()
    let isScheduled = false
    let isOver = false
    const tell = (): void => {
      isScheduled = false
      if (!isOver) callApp(() => show(this.#now()))
    }
    const changed = (): void => {
      if (isScheduled || unknown.size > 0) return
      isScheduled = true
      timers.after(0, tell)
    }
    const follow = (): void => {
      for (const { space, collection } of this.#places()) {
        const name = `${space}|${collection.name}`
        if (following.has(name)) continue
        unknown.add(name)
        const derived = (): void => {
          if (unknown.delete(name)) changed()
        }
        following.set(name, views.follow({ space, collection }, derived))
      }
    }
    follow()
    if (following.size === 0) changed()
    disputes.watchers.add(changed)
    spaces.watchers.add(follow)
    return () => {
      isOver = true
      disputes.watchers.delete(changed)
      spaces.watchers.delete(follow)
      for (const stop of following.values()) stop()
    }
  }

  async resolve(conflict: EntityConflict, resolution: Resolution, options?: EditOptions): Promise<Receipt> {
    const { entities, write } = this.#deps
    const collection = Object.values(this.#deps.collections).find(({ name }) => name === conflict.collection)
    if (collection === undefined)
      throw new RejoinError('not-found', `There is no collection ${conflict.collection} here.`)
    const space = spaceId(conflict.space)
    const live = await entities.acquire(space, collection, entityId(conflict.entity))
    try {
      return write(live, live.entity.resolve(conflict, resolution), options?.lane ?? 'normal')
    } finally {
      entities.release(live)
    }
  }

  #now(space?: SpaceId): readonly EntityConflict[] {
    return this.#deps.disputes.disputed(space).flatMap(({ conflicts, ...place }) => {
      const names = this.#deps.authors.namesIn(place.space)
      return conflicts.map((conflict) => ({ ...named(conflict, names), ...place }))
    })
  }

  /** Where conflicts can be: in collections with a field that wants them seen. */
  #places(): readonly Place[] {
    const { collections, spaces } = this.#deps
    return Object.values(collections)
      .filter((collection) => fieldsOf(collection).some(({ policy }) => policy === 'manual'))
      .flatMap((collection) => spaces.ofKind(collection.space).map((space) => ({ space, collection })))
  }
}

/** As the app sees it: users are known better now than when it was derived. */
const named = (conflict: Conflict, { by, mine }: Names): Conflict => ({
  ...conflict,
  member: conflict.member,
  values: conflict.values.map((value) => ({ ...value, by: by(value.client), mine: mine(value.client) })),
})
