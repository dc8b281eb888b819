import type { BatchBuilder } from './committer.ts'
import { keys, numberOf, partsOf } from './keys.ts'

/**
 * Takes a damaged record out of the way. Its bytes are kept as they are, under a name that nothing reads: what
 * was never sent may be all there is of somebody's work.
 */
export function setAside(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
  batch.put(keys.damaged(key), bytes)
  drop(batch, key)
}

/** As `setAside`, for writes that are in no other place: they are counted for ever. */
export function giveUp(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
  batch.remove(keys.damaged(key))
  batch.put(keys.lost(key), bytes)
  drop(batch, key)
}

function drop(batch: BatchBuilder, key: string): void {
  batch.remove(key)
  const [table, , , row = ''] = partsOf(key)
  if (table === 'row') batch.remove(keys.waiting(numberOf(row)))
}

/** The records that were ever found damaged on this device, by key. */
export class Damages {
  readonly #all: Set<string>
  readonly #lost: Set<string>

  constructor(aside: Iterable<string>, lost: Iterable<string>) {
    this.#lost = new Set(lost)
    this.#all = new Set([...aside, ...this.#lost])
  }

  get all(): number {
    return this.#all.size
  }

  /** Those with writes that the server never had. */
  get lost(): number {
    return this.#lost.size
  }

  found(key: string): void {
    this.#all.add(key)
  }

  lose(key: string): void {
    this.#all.add(key)
    this.#lost.add(key)
  }
}
