import type { Log, Random } from '@rejoin/base'
import type { LogStore } from './store.ts'

/** How `createServer` gets its store. Opening fails with a `RejoinError` that says what to do. */
export interface StoreFactory {
  /** `log` hears of what goes wrong without failing anything. */
  open(random: Random, log?: Log): Promise<OpenedStore>
}

export interface OpenedStore {
  readonly log: LogStore
  /** 32 random bytes, made at the first opening and kept beside the database: the MAC key of the tokens. */
  readonly key: Uint8Array
  readonly durability: 'disk' | 'memory'
}
