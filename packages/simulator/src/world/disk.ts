import { err } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Batch, Row, Scan, Store, StoreCall, StoreFailure } from '@rejoin/storage'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { diceOf } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'
import type { Process } from './machine.ts'
import type { Strikes } from './strikes.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface DiskDeps {
  readonly name: string
  readonly time: VirtualTime
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly strikes: Strikes
  readonly conditions: { readonly seed: number; readonly storeDelayMs: number }
}

/** A replica's disk: outlives its processes, is slow, is full for a while. */
export class SimDisk {
  readonly #deps: DiskDeps
  readonly #disk = new MemoryDisk()
  #calls = 0
  isFull = false

  constructor(deps: DiskDeps) {
    this.#deps = deps
  }

  /** The store of one process; `die` ends that process in the middle of a call. */
  open(process: Process, die: () => void): Store {
    const pause = (moment: 'before' | 'after', call: StoreCall): Promise<void> =>
      this.#pause(process, die, moment, call)
    return new FullStore(memoryStore(this.#disk, { pause }), (batch) => this.#refusal(batch))
  }

  crash(): void {
    this.#disk.crash()
  }

  async #pause(process: Process, die: () => void, moment: 'before' | 'after', call: StoreCall): Promise<void> {
    const { name, counts, strikes, conditions } = this.#deps
    this.#calls += 1
    const { seed, storeDelayMs } = conditions
    if (storeDelayMs > 0) {
      counts.add('store-delay')
      await process.sleep(diceOf(seed, name, 'store', this.#calls).between(0, storeDelayMs))
    }
    if (process.isAlive && call === 'commit' && strikes.at(`${name} store ${this.#calls}`, `crash-${moment}-store`))
      die()
    // A dead process waits for ever: nothing that it began goes on.
    if (!process.isAlive) await new Promise(() => undefined)
  }

  #refusal({ put = [] }: Batch): StoreFailure | undefined {
    const { name, time, counts, trace } = this.#deps
    trace.note(time.elapsed, `${name} commits ${put.length}${this.isFull ? ', full' : ''}`)
    if (!this.isFull) return undefined
    counts.add('store-full')
    return { kind: 'storage-full', message: 'The disk of this world is full.' }
  }
}

/** A store that refuses commits while its disk is full. */
class FullStore implements Store {
  readonly durability = 'memory'
  readonly #store: Store
  readonly #refusal: (batch: Batch) => StoreFailure | undefined

  constructor(store: Store, refusal: (batch: Batch) => StoreFailure | undefined) {
    this.#store = store
    this.#refusal = refusal
  }

  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#store.get(keys)
  }

  scan(range: Scan): Promise<readonly Row[]> {
    return this.#store.scan(range)
  }

  async commit(batch: Batch): Promise<Result<void, StoreFailure>> {
    const refusal = this.#refusal(batch)
    return refusal === undefined ? this.#store.commit(batch) : err(refusal)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
