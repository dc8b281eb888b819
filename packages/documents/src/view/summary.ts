import type { EntityId } from '@rejoin/base'
import type { Collection, View } from '@rejoin/schema'
import { disputesIn, noDisputes } from '../conflicts/disputes.ts'
import type { Disputes } from '../conflicts/disputes.ts'
import type { Engine, Update } from '../engine.ts'
import type { Life } from '../entity/life.ts'
import { readBytes, readView } from './view.ts'
import type { ViewOptions } from './view.ts'

/** What is worth keeping of an entity in order not to open it. */
export interface Summary<C extends Collection = Collection> {
  readonly life: Life
  /** Undefined unless it is there. */
  readonly view: View<C> | undefined
  readonly disputes: Disputes
}

/** As `viewOf`, with what else one pass over the stored bytes tells. */
export function summaryOf<C extends Collection>(
  collection: C,
  id: EntityId,
  engine: Engine,
  stored: ReadonlyMap<string, readonly Update[]>,
  options?: ViewOptions,
): Summary<C> {
  return readBytes(collection, id, engine, stored, (documents, life) => {
    if (life !== 'live') return { life, view: undefined, disputes: noDisputes }
    return { life, view: readView(collection, id, documents, options), disputes: disputesIn(collection, documents) }
  })
}
