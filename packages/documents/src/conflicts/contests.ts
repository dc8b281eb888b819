import type { Collection } from '@rejoin/schema'
import type { EntityDocument } from '../entity/document.ts'
import { howSettled } from './disputes.ts'

/** How often concurrent writes met in one value, since the entity was loaded. */
export interface ContestCounts {
  /** A policy settled them: the app was not asked. */
  readonly settled: number
  /** They are listed as a conflict, or were until somebody resolved it. */
  readonly shown: number
}

/** Counts what deliveries bring together, so that a rate of conflicts can be measured. */
export class Contests {
  readonly #collection: Collection
  /** The contested keys of documents that have or had any. */
  #known: Map<EntityDocument, ReadonlySet<string>> | undefined
  #settled = 0
  #shown = 0

  constructor(collection: Collection) {
    this.#collection = collection
  }

  get counts(): ContestCounts {
    return { settled: this.#settled, shown: this.#shown }
  }

  /** To be told after updates came to a document; those with which it was loaded are not counted. */
  observe(document: EntityDocument, how: 'loaded' | 'delivered'): void {
    if (document.field !== '') return
    const { registers } = document.stored
    const contested = new Set(registers.contested())
    const known = this.#known?.get(document)
    if (contested.size === 0 && known === undefined) return
    this.#known ??= new Map()
    this.#known.set(document, contested)
    if (how === 'loaded') return
    for (const key of contested) {
      if (known?.has(key) === true) continue
      const how = howSettled(this.#collection, document, key, registers.survivors(key))
      if (how === 'shown') this.#shown++
      else if (how === 'settled') this.#settled++
    }
  }
}
