import type { Clock, Log, Random, Timers } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import type { Store } from '@rejoin/storage'
import type { Collections } from './api.ts'
import type { TokenSource } from './credentials.ts'
import type { Transport } from './transport.ts'

/** Sizes and times of a replica; units are in the names. */
export interface ReplicaLimits {
  /** How long an edit may wait for company before it is written to disk. */
  readonly groupDelayMs: number
  /** How soon a store transaction that failed is tried again. */
  readonly storeRetryMs: number
  /** Update bytes of one row; a group commit of more makes several rows. */
  readonly rowBytesMax: number
  /** Characters of a long text that lists show. */
  readonly viewTextMax: number
  /** How long deriving views may hold the thread at a time. */
  readonly viewSliceMs: number
  /** Tail rows of a document before they are packed into its base. */
  readonly tailRowsMax: number
  /** Tail bytes of a document before they are packed, unless its base is larger. */
  readonly tailBytesMin: number
  /** Entries of one push frame, and their bytes. */
  readonly pushEntriesMax: number
  readonly pushBytesMax: number
}

export const replicaLimits: ReplicaLimits = {
  groupDelayMs: 2,
  storeRetryMs: 1_000,
  rowBytesMax: 64 * 1024,
  viewTextMax: 280,
  viewSliceMs: 8,
  tailRowsMax: 1_000,
  tailBytesMin: 64 * 1024,
  pushEntriesMax: 500,
  pushBytesMax: 512 * 1024,
}

/** The world of a replica. All are real unless told; a simulator tells all. */
export interface ReplicaPorts {
  readonly clock: Clock
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number
  readonly timers: Timers
  readonly random: Random
  readonly transport: Transport
  readonly engine: Engine
}

export interface RejoinOptions<Cs extends Collections> {
  readonly collections: Cs
  /** Which space stands for each kind: `{ course: 'course-7' }`. */
  readonly spaces: Readonly<Record<string, string>>
  /** Where the server listens, `wss://…`. Without one everything works on this device alone. */
  readonly server?: string
  readonly token?: TokenSource
  /** Who writes, where no token says it. */
  readonly user?: string
  /** In memory unless told; see `@rejoin/storage/sqlite`. Closed with the replica. */
  readonly store?: Store | Promise<Store>
  readonly log?: Log
  readonly limits?: Partial<ReplicaLimits>
  readonly ports?: Partial<ReplicaPorts>
  /** Told of every entry that the server acknowledged, once that is durable here. For audits. */
  readonly acknowledged?: (entry: { readonly space: string; readonly writer: string; readonly n: number }) => void
}
