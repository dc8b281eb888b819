import { crc32 } from '@rejoin/base'
import type { EntityId, SpaceId } from '@rejoin/base'
import { fingerprint } from '@rejoin/schema'
import type { Collection, View } from '@rejoin/schema'

/** A collection in one of the spaces of its kind. */
export interface Place {
  readonly space: SpaceId
  readonly collection: Collection
}

export const nameOf = ({ space, collection }: Place): string => `${space}|${collection.name}`

/** The views of one collection in one space, in memory, by id. */
export class ViewList implements Place {
  readonly space: SpaceId
  readonly collection: Collection
  /** Views that were made by another schema are out of date. */
  readonly schema: number
  /** Told that it looks different. */
  readonly shows: Set<() => void> = new Set()
  /** Ids whose view must be derived again. */
  readonly stale: Set<EntityId> = new Set()
  loaded = false
  /** How often an entity was deleted or came back. */
  deletions = 0
  readonly #views = new Map<EntityId, View>()
  readonly #deleted = new Set<string>()
  /** Sorted ids; undefined after one came or went. */
  #order: readonly EntityId[] | undefined

  constructor({ space, collection }: Place) {
    this.space = space
    this.collection = collection
    this.schema = schemaOf(collection)
  }

  has(id: EntityId): boolean {
    return this.#views.has(id)
  }

  /** Whether it is known to have been deleted; of any text that may name an entity. */
  isDeleted(id: string): boolean {
    return this.#deleted.has(id)
  }

  /** Without a view there is no such entity (yet), or it was deleted. */
  set(id: EntityId, view: View | undefined, isDeleted: boolean): void {
    if (this.#views.has(id) !== (view !== undefined)) this.#order = undefined
    if (view === undefined) this.#views.delete(id)
    else this.#views.set(id, view)
    if (this.#deleted.has(id) === isDeleted) return
    this.deletions += 1
    if (isDeleted) this.#deleted.add(id)
    else this.#deleted.delete(id)
  }

  clear(): void {
    this.#views.clear()
    this.#deleted.clear()
    this.deletions += 1
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
