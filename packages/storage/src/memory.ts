import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { sameBytes } from './bytes.ts'
import { checkBatch, checkKey, checkScan } from './key.ts'
import { Rows } from './rows.ts'
import type { Batch, Row, Scan, Store, StoreCall, StoreFailure } from './store.ts'

export interface MemoryStoreOptions {
  /**
   * Awaited in every get, scan and commit, before the rows are touched and again before the answer is given: a
   * simulator lets its time pass here, and crashes the disk on either side. Left out, calls take effect at once.
   */
  readonly pause?: (moment: 'before' | 'after', call: StoreCall) => Promise<void>
}

/** A store in memory: for tests, for simulation, and for replicas that are meant to forget. */
export function memoryStore(disk: MemoryDisk = new MemoryDisk(), options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(disk, options)
}

/** One open of a disk. */
interface Tenant {
  dead: boolean
}

let rowsFor: (disk: MemoryDisk, tenant: Tenant) => Rows
let release: (disk: MemoryDisk, tenant: Tenant) => void

/**
 * What a memory store keeps its rows on. It outlives the store: close the store, or `crash` the disk, and open the
 * next store on it. One store at a time, as with a file.
 */
export class MemoryDisk {
  readonly #rows = new Rows()
  #tenant: Tenant | undefined

  static {
    rowsFor = (disk, tenant) => {
      if (disk.#tenant !== undefined)
        throw new RejoinError('storage-unavailable', 'This memory disk is open elsewhere; close that store first.')
      disk.#tenant = tenant
      return disk.#rows
    }
    release = (disk, tenant) => {
      if (disk.#tenant === tenant) disk.#tenant = undefined
    }
  }

  /** How many rows it holds. */
  get size(): number {
    return this.#rows.size
  }

  /**
   * The process that has a store open here dies: what was applied stays, a batch that was not applied yet never is,
   * and no call that waits on that store is ever answered.
   */
  crash(): void {
    if (this.#tenant !== undefined) this.#tenant.dead = true
    this.#tenant = undefined
  }
}

class MemoryStore implements Store {
  readonly durability = 'memory'
  readonly #disk: MemoryDisk
  readonly #rows: Rows
  readonly #pause: MemoryStoreOptions['pause']
  readonly #tenant: Tenant = { dead: false }
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(disk: MemoryDisk, options: MemoryStoreOptions) {
    this.#disk = disk
    this.#pause = options.pause
    this.#rows = rowsFor(disk, this.#tenant)
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    keys.forEach(checkKey)
    return this.#run('get', () => keys.map((key) => this.#rows.get(key)?.slice()))
  }

  async scan(range: Scan): Promise<readonly Row[]> {
    checkScan(range)
    return this.#run('scan', () => this.#rows.scan(range).map(([key, value]): Row => [key, value.slice()]))
  }

  async commit(batch: Batch): Promise<Result<void, StoreFailure>> {
    checkBatch(batch)
    return this.#run('commit', () => apply(this.#rows, batch))
  }

  async close(): Promise<void> {
    if (this.#closed || this.#tenant.dead) return
    this.#closed = true
    await this.#last
    release(this.#disk, this.#tenant)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #run<T>(call: StoreCall, work: () => T): Promise<T> {
    if (this.#closed) throw new RejoinError('closed', 'This store was closed.')
    if (this.#tenant.dead) return never()
    if (this.#pause === undefined) return work()
    const answer = this.#last.then(() => this.#paused(call, work))
    this.#last = answer
    return answer
  }

  async #paused<T>(call: StoreCall, work: () => T): Promise<T> {
    await this.#pause?.('before', call)
    if (this.#tenant.dead) return never()
    const result = work()
    await this.#pause?.('after', call)
    return this.#tenant.dead ? never() : result
  }
}

/** A dead process answers nothing. */
const never = (): Promise<never> => new Promise(() => undefined)

function apply(rows: Rows, batch: Batch): Result<void, StoreFailure> {
  for (const [key, expected] of batch.expect ?? [])
    if (!sameBytes(rows.get(key), expected))
      return err({ kind: 'conflict', message: `${key} does not hold what was expected.` })
  for (const key of batch.remove ?? []) rows.remove(key)
  for (const range of batch.removeRange ?? []) rows.removeRange(range)
  for (const [key, value] of batch.put ?? []) rows.put(key, value.slice())
  return ok(undefined)
}
