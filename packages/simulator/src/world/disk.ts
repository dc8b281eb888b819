import { err } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Batch, Row, Scan, Store, StoreCall, StoreFailure } from '@rejoin/storage'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './faults.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface DiskFaults {
  /** Longest time that each half of a store call takes, in milliseconds. */
  readonly delayMs: number
  /** The probability that the process dies in a half of a store call. */
  readonly crash: number
}

export interface DiskDeps {
  readonly name: string
  readonly time: VirtualTime
  readonly dice: Dice
  readonly counts: FaultCounts
  readonly trace: Trace
}

/** A replica's disk: outlives its processes, is slow, is full for a while. */
export class SimDisk {
  readonly #deps: DiskDeps
  readonly #disk = new MemoryDisk()
  faults: DiskFaults
  isFull = false

  constructor(deps: DiskDeps, faults: DiskFaults) {
    this.#deps = deps
    this.faults = faults
  }

  /** The store of one process; `die` ends that process in the middle of a call. */
  open(isAlive: () => boolean, die: () => void): Store {
    const pause = (_moment: 'before' | 'after', call: StoreCall): Promise<void> => this.#pause(isAlive, die, call)
    return new FullStore(memoryStore(this.#disk, { pause }), (batch) => this.#refusal(batch))
  }

  crash(): void {
    this.#disk.crash()
  }

  async #pause(isAlive: () => boolean, die: () => void, call: StoreCall): Promise<void> {
    const { time, dice, counts } = this.#deps
    const { delayMs, crash } = this.faults
    if (delayMs > 0) {
      counts.add('store-delay')
      await time.sleep(dice.between(0, delayMs))
    }
    // Crashes in a commit are worth more than crashes while reading.
    if (isAlive() && dice.chance(call === 'commit' ? crash : crash / 20)) {
      counts.add('crash-in-store-call')
      die()
    }
    // A dead process waits for ever: nothing that it began goes on.
    if (!isAlive()) await new Promise(() => undefined)
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
