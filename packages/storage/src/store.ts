import type { Result } from '@rejoin/base'

/**
 * The replica's store: an ordered map from keys to bytes, with batches that are atomic, conditional and durable.
 *
 * What an adapter promises, and what a caller may rely on:
 *
 * - **Order of calls.** Calls on one store take effect one after the other, in the order in which they were made,
 *   whether or not the caller waited in between. Each `get` and each `scan` reads one moment. So a read that was
 *   called after a commit sees it if it succeeded.
 * - **All or nothing.** A commit whose result is not ok left nothing that this store will ever show, and the store
 *   goes on working. After a crash such a batch is absent, or (only if the device itself failed to say whether it was
 *   written: `storage-unavailable`) present as a whole. A batch that was never answered is absent or whole.
 * - **Durable.** `ok` is said only when the batch outlives what `durability` names: with `device` the process, the
 *   operating system and the power supply; with `memory` nothing but this open, or the disk object that was passed.
 * - **Bytes are copied.** Values given may be views into larger buffers; they must not change before the commit
 *   settles and may be reused after. Values returned belong to the caller.
 * - **Bytes are not checked.** The store notices damage that breaks its own structure and no other: rows carry the
 *   checksum of who writes them.
 * - **One open.** A store is open once at a time, unless its adapter says otherwise. `expect` guards against other
 *   opens where an adapter allows them, and against the caller's own overlapping read-modify-writes everywhere.
 *
 * `get` and `scan` reject with a `RejoinError` of a storage kind if the device fails; every call after `close` rejects
 * with kind `closed`. Keys and bounds that break the rules are broken code, and throw from `invariant`.
 */
export interface Store extends AsyncDisposable {
  readonly durability: 'device' | 'memory'
  /** The values of the keys, in the order of the keys; undefined where there is none. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** The rows of a range in the order of their keys. Read a large range in pages: with a limit, then on from `keyAfter` the last key. */
  scan(range: Scan): Promise<readonly Row[]>
  commit(batch: Batch): Promise<Result<void, StoreFailure>>
  /** Waits for the calls before it, then lets the data go. A second close does nothing. */
  close(): Promise<void>
}

/** The calls that may fail. */
export type StoreCall = 'get' | 'scan' | 'commit'

/** Every key with `from <= key < to`, in code unit order. Empty if `to <= from`. */
export interface Range {
  readonly from: string
  readonly to: string
}

export interface Scan extends Range {
  /** The most rows to return; all if left out. */
  readonly limit?: number
  /** From the greatest key downwards. */
  readonly reverse?: boolean
}

export type Row = readonly [key: string, value: Uint8Array]

/** Applied in the order of the fields. A key may be removed and put in one batch; the last of two puts holds. */
export interface Batch {
  /** Each key must hold exactly these bytes now, or be absent where undefined: else `conflict`, and nothing is done. */
  readonly expect?: readonly (readonly [key: string, value: Uint8Array | undefined])[]
  readonly remove?: readonly string[]
  readonly removeRange?: readonly Range[]
  readonly put?: readonly Row[]
}

export type StoreFailureKind =
  /** An expectation did not hold; read again and decide anew. */
  | 'conflict'
  /** The disk or quota is full. The same batch may succeed after space was made, a smaller one may succeed now. */
  | 'storage-full'
  /** The device or another process stands in the way. */
  | 'storage-unavailable'
  /** The store's own structure is damaged. */
  | 'storage-corrupt'

export interface StoreFailure {
  readonly kind: StoreFailureKind
  /** One sentence for a person; never a value, never read by code. */
  readonly message: string
}
