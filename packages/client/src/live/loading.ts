import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntityId, Log } from '@rejoin/base'
import type { Engine, Entity, Update } from '@rejoin/documents'
import type { Collection } from '@rejoin/schema'

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
    return load(whole, updates)
  } catch (cause) {
    place.log('error', 'document.undecodable', {
      entity: `${place.collection.name}/${place.id}`,
      reason: String(cause),
    })
    place.unreadable()
    whole.dispose()
    return load(create(), readable(place.engine, updates))
  }
}

function load(entity: Entity, updates: EntityUpdates): Entity {
  for (const [key, list] of updates) if (list.length > 0) entity.load(parseDocumentKey(key), list)
  return entity
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
