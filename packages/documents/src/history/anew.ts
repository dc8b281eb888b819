import { invariant } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { Collection, Field, PartDocument } from '@rejoin/schema'
import { DraftRegisters } from '../draft/registers.ts'
import type { Engine, EngineDocument, Update } from '../engine.ts'
import { sumOf, totalKey } from '../fields/counter.ts'
import { fieldOfKey } from './split.ts'

/**
 * The first update of the next generation of a part's registers, written under `client`: everything that stands in them,
 * with its stamps, and of each counter one total in place of one for each writer that ever counted. The place to absorb
 * the totals of the dead: whoever still holds writes to the old generation makes them again, as increments.
 */
export function registersAnew(
  collection: Collection,
  at: PartDocument,
  engine: Engine,
  before: readonly Update[],
  client: number,
): Update {
  const [old, anew] = [engine.create(), engine.create()]
  try {
    old.apply(before)
    anew.setClient(client)
    const update = anew.transact(() => copy(collection, at, old, anew, client))
    return update === undefined ? anew.snapshot() : engine.squash([update])
  } finally {
    old.dispose()
    anew.dispose()
  }
}

function copy(
  collection: Collection,
  at: PartDocument,
  { registers: from }: EngineDocument,
  { registers: to }: EngineDocument,
  client: number,
): void {
  const counters = new Map<Field, Stamp>()
  for (const key of [...from.keys()].sort()) {
    const field = fieldOfKey(collection, at, key)
    const survivors = from.survivors(key)
    if (field?.kind === 'counter') counters.set(field, Math.max(counters.get(field) ?? 0, survivors.at(-1)?.stamp ?? 0))
    else for (const { stamp, value } of survivors) to.append(key, stamp, value)
  }
  for (const [field, stamp] of counters) {
    const sum = sumOf(field, new DraftRegisters(from), () => undefined)
    invariant(Number.isFinite(sum), 'a sum of totals is a number')
    if (sum !== 0) to.append(totalKey(field, client), stamp, Math.max(-max, Math.min(max, sum)))
  }
}

const max = Number.MAX_SAFE_INTEGER
