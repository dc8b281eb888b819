import { err, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Batch, Row, Scan, Store, StoreCall, StoreFailure } from '@rejoin/storage'
import { failed, flipOne, never } from './fate.ts'
import type { Fate } from './fate.ts'

/** A store some of whose calls fail, are never answered, or read what was not written. */
export class FatedStore implements Store {
  readonly #store: Store
  readonly #fateOf: (call: StoreCall) => Fate | undefined
  #isHung = false

  constructor(store: Store, fateOf: (call: StoreCall) => Fate | undefined) {
    this.#store = store
    this.#fateOf = fateOf
  }

  get durability(): Store['durability'] {
    return this.#store.durability
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#read(
      'get',
      () => this.#store.get(keys),
      (values) => values.flatMap((value, i) => (value === undefined ? [] : [[keys[i] ?? '', value] as const])),
    )
  }

  async scan(range: Scan): Promise<readonly Row[]> {
    return this.#read(
      'scan',
      () => this.#store.scan(range),
      (rows) => rows,
    )
  }

  async commit(batch: Batch): Promise<Result<void, StoreFailure>> {
    const fate = await this.#fate('commit')
    const failure = failed(fate, 'commit')
    return failure === undefined ? this.#store.commit(batch) : err(failure)
  }

  async close(): Promise<void> {
    return this.#isHung ? never() : this.#store.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #read<T>(call: StoreCall, read: () => Promise<T>, rowsOf: (found: T) => readonly Row[]): Promise<T> {
    const fate = await this.#fate(call)
    const failure = failed(fate, call)
    if (failure !== undefined) throw new RejoinError(failure.kind, failure.message)
    const reading = read()
    if (fate?.kind !== 'flip') return reading
    const found = await reading
    const rows = rowsOf(found)
    const was = flipOne(rows, fate.dice)
    if (was !== undefined) fate.flipped?.()
    // What was written meanwhile is as it was written.
    if (was !== undefined && fate.lasts === true)
      await this.#store.commit({ expect: [was], put: rows.filter(([key]) => key === was[0]) })
    return found
  }

  #fate(call: StoreCall): Fate | undefined | Promise<never> {
    const fate = this.#fateOf(call)
    if (fate?.kind === 'hang') this.#isHung = true
    return this.#isHung ? never() : fate
  }
}
