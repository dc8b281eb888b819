import { canonicalJson } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import type { Survivor } from '../engine.ts'
import type { EntityDocument } from '../entity/document.ts'
import type { EntityDocuments } from '../entity/documents.ts'
import type { Conflict } from './conflict.ts'
import { conflictsIn, placeOf } from './listing.ts'
import type { Names } from './listing.ts'

/** Where concurrent writes differ in an entity, for whoever keeps that beside its view. */
export interface Disputes {
  /** Without names, which are for whoever shows them to tell. */
  readonly conflicts: readonly Conflict[]
  /** Values that a policy settles, by part and key, as the ids of conflicts. */
  readonly settled: readonly string[]
}

export const noDisputes: Disputes = { conflicts: [], settled: [] }

export function disputesIn(collection: Collection, documents: EntityDocuments): Disputes {
  const settled: string[] = []
  for (const document of documents.all) {
    if (document.field !== '' || !document.opened) continue
    const { registers } = document.stored
    for (const key of registers.contested())
      if (howSettled(collection, document, key, registers.survivors(key)) === 'settled')
        settled.push(`${document.part}/${key}`)
  }
  return { conflicts: conflictsIn(collection, documents, nobody), settled: settled.sort() }
}

const nobody: Names = { by: () => undefined, mine: () => false }

/** Whether a policy settles what competes under a key, or the app is asked; undefined if it does not differ, or is ours. */
export function howSettled(
  collection: Collection,
  document: EntityDocument,
  key: string,
  survivors: readonly Survivor[],
): 'settled' | 'shown' | undefined {
  if (key.startsWith('@') || new Set(survivors.map(({ value }) => canonicalJson(value))).size < 2) return undefined
  return placeOf(collection, document, key)?.field.policy === 'manual' ? 'shown' : 'settled'
}
