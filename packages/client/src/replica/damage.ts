import type { BatchBuilder } from './committer.ts'
import { keys } from './keys.ts'

/**
 * Takes a damaged record out of the way. Its bytes are kept as they are, under a name that nothing reads: what
 * was never sent may be all there is of somebody's work.
 */
export function setAside(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
  batch.put(keys.damaged(key), bytes)
  batch.remove(key)
}

/**
 * As `setAside`, for writes that are in no other place: they are counted for ever. The pointer to a row stays until
 * what was written on top of it, and with it in one transaction, is in quarantine: it tells the next open that a row
 * is missing there.
 */
export function giveUp(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
  batch.remove(keys.damaged(key))
  batch.put(keys.lost(key), bytes)
  batch.remove(key)
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
