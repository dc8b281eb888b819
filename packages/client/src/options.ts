import type { Clock, Log, Random, Timers } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import { defaultLimits } from '@rejoin/protocol'
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
  /** A call to the store without an answer for so long is given up if it reads; if it writes, the store is said to fail. */
  readonly storeAnswerMs: number
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
  /** What one transaction may write into one document; leaves room for the envelope in what a server takes. */
  readonly writeBytesMax: number
  /** The log is told of an entity that is larger, in bytes of its snapshots. */
  readonly entityBytesWarn: number
  /** Edits that make a larger entity still larger are refused as `too-large`. */
  readonly entityBytesMax: number
  /** How many edits of an entity can be undone, where the app asks for that. */
  readonly undoEditsMax: number
  /** How long an edit can be undone. */
  readonly undoAgeMs: number
  /** Closed entities of which edits can be undone. */
  readonly undoEntitiesMax: number
  /** An entry or a subscription without an answer for so long, and at most twice as long, ends the connection. */
  readonly answerMs: number
  /** Writers of others in one space whose user is remembered. */
  readonly authorsMax: number
  /** How long the open waits for a token function to say who writes; then it goes by the last time. */
  readonly tokenMs: number
  /** How soon a stream that the server ended for the moment is asked for again. */
  readonly resubscribeMs: number
  /** Entries of one push frame, and their bytes. */
  readonly pushEntriesMax: number
  readonly pushBytesMax: number
}

export const replicaLimits: ReplicaLimits = {
  groupDelayMs: 2,
  storeRetryMs: 1_000,
  storeAnswerMs: 10_000,
  rowBytesMax: 64 * 1024,
  viewTextMax: 280,
  viewSliceMs: 8,
  tailRowsMax: 1_000,
  tailBytesMin: 64 * 1024,
  writeBytesMax: defaultLimits.entryBytesMax - 4 * 1024,
  entityBytesWarn: 4 * 1024 * 1024,
  entityBytesMax: 32 * 1024 * 1024,
  undoEditsMax: 100,
  undoAgeMs: 30 * 60_000,
  undoEntitiesMax: 50,
  answerMs: 30_000,
  authorsMax: 5_000,
  tokenMs: 3_000,
  resubscribeMs: 2_000,
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
}

export interface RejoinOptions<Cs extends Collections> {
  readonly collections: Cs
  /** The engines that collections name, besides Yjs, which is always there. */
  readonly engines?: readonly Engine[]
  /** Which space stands for each kind: `{ course: 'course-7' }`. */
  readonly spaces: Readonly<Record<string, string>>
  /** Where the server listens, `wss://…`. Without one everything works on this device alone. */
  readonly server?: string
  readonly token?: TokenSource
  /** Who writes on this device; unless told the user of the token, else whoever wrote last. */
  readonly user?: string
  /** In memory unless told; see `@rejoin/storage/sqlite`. Closed with the replica, and when the open fails. */
  readonly store?: Store | Promise<Store>
  readonly log?: Log
  readonly limits?: Partial<ReplicaLimits>
  readonly ports?: Partial<ReplicaPorts>
  /** Told of every entry that the server acknowledged, once that is durable here. For audits. */
  readonly acknowledged?: (entry: { readonly space: string; readonly writer: string; readonly n: number }) => void
}
