import { crc32 } from '@rejoin/base'
import type { EntityId, SpaceId } from '@rejoin/base'
import { fingerprint } from '@rejoin/schema'
import type { Collection, View } from '@rejoin/schema'

/** The views of one collection in one space, in memory, by id. */
export class ViewList {
  readonly space: SpaceId
  readonly collection: Collection
  /** Views that were made by another schema are out of date. */
  readonly schema: number
  readonly shows: Set<(views: readonly View[]) => void> = new Set()
  /** Ids whose view must be derived again. */
  readonly stale: Set<EntityId> = new Set()
  loaded = false
  readonly #views = new Map<EntityId, View>()
  /** Sorted ids; undefined after one came or went. */
  #order: readonly EntityId[] | undefined

  constructor(space: SpaceId, collection: Collection) {
    this.space = space
    this.collection = collection
    this.schema = schemaOf(collection)
  }

  /** Undefined: there is no such entity (yet). */
  set(id: EntityId, view: View | undefined): void {
    if (this.#views.has(id) !== (view !== undefined)) this.#order = undefined
    if (view === undefined) this.#views.delete(id)
    else this.#views.set(id, view)
  }

  clear(): void {
    this.#views.clear()
    this.stale.clear()
    this.#order = undefined
  }

  /** By id. */
  all(): readonly View[] {
    this.#order ??= [...this.#views.keys()].sort()
    return this.#order.flatMap((id) => this.#views.get(id) ?? [])
  }
}

const schemas = new WeakMap<Collection, number>()

function schemaOf(collection: Collection): number {
  const known = schemas.get(collection) ?? crc32(new TextEncoder().encode(fingerprint(collection)))
  schemas.set(collection, known)
  return known
}
