import type { Life, Summary } from '@rejoin/documents'
import type { BatchBuilder } from '../replica/committer.ts'
import { encodeView } from '../replica/view-record.ts'

/** A view being derived. What it was read from may be out of date before it is saved. */
export interface Derivation {
  outdated: boolean
  /** How often the store had recovered when it began: what was refused then was not to be read. */
  readonly recoveries: number
}

/** Marks that are remembered, to save writing them again; then all are forgotten. */
const marksMax = 10_000

/**
 * Which views on disk are out of date. A view is written only if nothing has touched its entity since the
 * reading began, and of two derivations at a time only the later one: else an old view would pass for fresh.
 */
export class Marks {
  readonly #recoveries: () => number
  /** Marked stale on disk since the open. */
  readonly #marked = new Set<string>()
  /** By key, the one that began last. */
  readonly #derivations = new Map<string, Derivation>()

  constructor(recoveries: () => number) {
    this.#recoveries = recoveries
  }

  touch(batch: BatchBuilder, key: string): void {
    const derivation = this.#derivations.get(key)
    if (derivation !== undefined) derivation.outdated = true
    if (this.#marked.has(key)) return
    if (this.#marked.size >= marksMax) this.#marked.clear()
    this.#marked.add(key)
    batch.onRevert(() => this.#marked.delete(key))
    batch.put(key, encodeView({ stale: true }))
  }

  /** To be called before the entity is read. */
  begin(key: string): Derivation {
    const before = this.#derivations.get(key)
    if (before !== undefined) before.outdated = true
    const derivation: Derivation = { outdated: false, recoveries: this.#recoveries() }
    this.#derivations.set(key, derivation)
    return derivation
  }

  /** Returns whether the view was up to date. */
  save(batch: BatchBuilder, key: string, derivation: Derivation, schema: number, { view, life }: Summary): boolean {
    if (this.#derivations.get(key) === derivation) this.#derivations.delete(key)
    if (derivation.outdated || derivation.recoveries !== this.#recoveries()) return false
    this.#marked.delete(key)
    batch.put(key, encodeView({ stale: false, schema, view: view ?? null, isDeleted: isDeleted(life) }))
    return true
  }

  /** The views that begin with this are gone. */
  drop(prefix: string): void {
    for (const key of this.#marked) if (key.startsWith(prefix)) this.#marked.delete(key)
    for (const [key, derivation] of this.#derivations) if (key.startsWith(prefix)) derivation.outdated = true
  }
}

/** The entity was there, and is not any more. */
export const isDeleted = (life: Life): boolean => life === 'deleted' || life === 'purged'
