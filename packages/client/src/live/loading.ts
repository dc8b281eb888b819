import type { DocumentKey, EntityId, Log } from '@rejoin/base'
import type { Engine, Entity, Update } from '@rejoin/documents'
import type { Collection, PartDocument } from '@rejoin/schema'
import { documentsOf } from '@rejoin/schema'
import { keyOf } from './live-entity.ts'

/** What an entity is made of, by document. */
export type EntityUpdates = ReadonlyMap<DocumentKey, readonly Update[]>

/**
 * A new entity with everything loaded. Bytes that no engine can read isolate themselves: the rest is shown. A
 * document that has failed once is spent, so what can be read is found out first, and then loaded anew.
 */
export function loadEntity(
  create: () => Entity,
  place: {
    readonly collection: Collection
    readonly id: EntityId
    readonly engine: Engine
    readonly log: Log
    readonly unreadable: () => void
  },
  updates: EntityUpdates,
): Entity {
  const whole = create()
  try {
    return load(whole, place, updates)
  } catch (cause) {
    place.log('error', 'document.undecodable', {
      entity: `${place.collection.name}/${place.id}`,
      reason: String(cause),
    })
    place.unreadable()
    whole.dispose()
    return load(create(), place, readable(place.engine, updates))
  }
}

function load(
  entity: Entity,
  { collection, id }: { readonly collection: Collection; readonly id: EntityId },
  updates: EntityUpdates,
): Entity {
  for (const at of documentsOf(collection)) loadOne(entity, at, updates.get(keyOf(collection, id, at)))
  return entity
}

function loadOne(entity: Entity, at: PartDocument, updates: readonly Update[] | undefined): void {
  if (updates !== undefined && updates.length > 0) entity.load(at, updates)
}

/** The updates that an engine can read, each tried on a document of its own. */
export function readable(engine: Engine, updates: EntityUpdates): EntityUpdates {
  return new Map([...updates].map(([key, list]) => [key, list.filter((update) => isReadable(engine, update))]))
}

function isReadable(engine: Engine, update: Update): boolean {
  const document = engine.create()
  try {
    document.apply([update])
    return true
  } catch {
    return false
  } finally {
    document.dispose()
  }
}
