import { RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { checkBatch, checkKey, checkScan, everyKey } from '@rejoin/storage'
import type { Batch, Row, Scan, Store, StoreCall, StoreFailure } from '@rejoin/storage'
import { memoryStore } from '@rejoin/storage/memory'
import { decodeBatch, encodeBatch } from './batch-codec.ts'
import { opening } from './fate.ts'
import type { FateOf } from './fate.ts'
import { FatedStore } from './fated-store.ts'
import { Journal } from './journal.ts'
import type { JournalOptions } from './journal.ts'
import type { DiskPause, Mount } from './mount.ts'
import type { VirtualDisk } from './virtual-disk.ts'

export interface JournalStoreOptions extends JournalOptions {
  readonly pause?: DiskPause
  readonly fateOf?: FateOf<StoreCall | 'open'>
}

/** All that a replica keeps. */
export const storeFile = 'store'

/** A replica's store as a journal on a disk. Rejects with `storage-unavailable` while it is open elsewhere. */
export async function journalStore(disk: VirtualDisk, options: JournalStoreOptions = {}): Promise<Store> {
  const { pause, fateOf } = options
  await opening(fateOf?.('open', disk.nth('call open')))
  const mount = disk.mount(storeFile, pause)
  const state = memoryStore()
  try {
    const journal = await Journal.open(mount, storeFile, journaled(state), options)
    const store = new JournalStore(mount, state, journal)
    return fateOf === undefined ? store : new FatedStore(store, (call) => fateOf(call, disk.nth(`call ${call}`)))
  } catch (cause) {
    mount.release()
    throw cause
  }
}

const journaled = (state: Store) => ({
  snapshot: async () => encodeBatch({ put: await state.scan(everyKey) }),
  restore: async (snapshot: Uint8Array) => void (await state.commit(decodeBatch(snapshot))),
  replay: async (record: Uint8Array) => void (await state.commit(decodeBatch(record))),
})

class JournalStore implements Store {
  readonly durability = 'device'
  readonly #mount: Mount
  readonly #state: Store
  readonly #journal: Journal
  #isClosed = false

  constructor(mount: Mount, state: Store, journal: Journal) {
    this.#mount = mount
    this.#state = state
    this.#journal = journal
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    keys.forEach(checkKey)
    this.#mustBeOpen()
    return this.#journal.read(() => this.#state.get(keys))
  }

  async scan(range: Scan): Promise<readonly Row[]> {
    checkScan(range)
    this.#mustBeOpen()
    return this.#journal.read(() => this.#state.scan(range))
  }

  async commit(batch: Batch): Promise<Result<void, StoreFailure>> {
    checkBatch(batch)
    this.#mustBeOpen()
    const written = await this.#journal.append(encodeBatch(batch), () => this.#state.commit(batch))
    return written.ok ? written.value : written
  }

  async close(): Promise<void> {
    if (this.#isClosed || this.#mount.isDead) return
    this.#isClosed = true
    await this.#journal.settled()
    this.#mount.release()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new RejoinError('closed', 'This store was closed.')
  }
}
