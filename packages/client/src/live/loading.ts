import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntityId, Log } from '@rejoin/base'
import type { Engine, Entity, Update } from '@rejoin/documents'
import type { Collection } from '@rejoin/schema'
import { isLost } from '../engines.ts'

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
    whole.dispose()
    if (isLost(cause)) throw cause
    place.log('error', 'document.undecodable', {
      entity: `${place.collection.name}/${place.id}`,
      reason: String(cause),
    })
    place.unreadable()
    return load(create(), readable(place.engine, updates))
  }
}

function load(entity: Entity, updates: EntityUpdates): Entity {
  for (const [key, list] of updates) if (list.length > 0) entity.load(parseDocumentKey(key), list)
  return entity
}

/**
 * The updates that an engine can read, each on top of those before it. One that waits for others may turn out to be
 * unreadable only when they come.
 */
export function readable(engine: Engine, updates: EntityUpdates): EntityUpdates {
  return new Map([...updates].map(([key, list]) => [key, readableOf(engine, list)]))
}

/** As many at a time as went well before: whoever sends one that is bad must not make each of the others a load. */
function readableOf(engine: Engine, list: readonly Update[]): readonly Update[] {
  const taken: Update[] = []
  let step = list.length
  for (let at = 0; at < list.length;) {
    const next = list.slice(at, at + step)
    if (areReadable(engine, [...taken, ...next])) {
      taken.push(...next)
      at += next.length
      step *= 2
    } else if (next.length === 1) at += 1
    else step = Math.ceil(next.length / 2)
  }
  return taken
}

function areReadable(engine: Engine, updates: readonly Update[]): boolean {
  const document = engine.create()
  try {
    document.apply(updates)
    return true
  } catch (cause) {
    if (isLost(cause)) throw cause
    return false
  } finally {
    document.dispose()
  }
}
