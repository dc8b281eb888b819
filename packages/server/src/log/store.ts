import type { DocumentKey, Result, TenantId, UserId, WriterId } from '@rejoin/base'
import type { DeviceRecord, DocumentRecord, LogRow, Refusal, SpaceRecord, SpaceRef, WriterRecord } from './records.ts'

/**
 * Where the logs of all spaces are kept. The server computes; a store keeps: every number, hash and
 * interval is decided before `commit`, and `expectHead` fences it. Reads see every finished commit.
 * Reads reject with a `RejoinError` of a storage kind. The laws are in `@rejoin/server/testing`.
 */
export interface LogStore extends AsyncDisposable {
  space(ref: SpaceRef): Promise<SpaceRecord>
  /** Spaces that have a row, in no particular order. */
  spaces(): Promise<readonly SpaceRef[]>
  documents(ref: SpaceRef, keys: readonly DocumentKey[]): Promise<readonly DocumentRecord[]>
  documentsByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly DocumentRecord[]>
  writers(ref: SpaceRef, writers: readonly WriterId[]): Promise<readonly WriterRecord[]>
  writersByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly WriterRecord[]>
  /** Whose writer this is in any space of the tenant. */
  userOf(tenant: TenantId, writer: WriterId): Promise<UserId | undefined>
  /** Which of these CRDT client ids are taken, and by the writer of which number. */
  clientIds(ref: SpaceRef, ids: readonly number[]): Promise<ReadonlyMap<number, number>>
  refusals(ref: SpaceRef, writer: number, numbers: readonly number[]): Promise<readonly Refusal[]>
  /** The chain at a row that is there, or was folded not long ago; undefined for every other number. */
  hashAt(ref: SpaceRef, seq: number): Promise<Uint8Array | undefined>
  page(ref: SpaceRef, query: PageQuery): Promise<Page>
  /** The entry rows of one document in order, from its last snapshot on, up to and including `upTo`. */
  documentRows(ref: SpaceRef, document: number, upTo: number): Promise<readonly LogRow[]>
  /** Documents of which a new replica would read more than one entry, by number; isolated ones left out. */
  unfolded(ref: SpaceRef, query: UnfoldedQuery): Promise<readonly DocumentRecord[]>
  device(tenant: TenantId, user: UserId, device: string): Promise<DeviceRecord | undefined>
  /** All or nothing over all spaces; ok only when durable. After a failure nothing has changed. */
  commit(batch: LogBatch): Promise<Result<void, LogFailure>>
  close(): Promise<void>
}

/** `conflict`: another process has moved a space on; read it again and decide again. */
export interface LogFailure {
  readonly kind: 'conflict' | 'storage-full' | 'storage-unavailable' | 'storage-corrupt'
  readonly message: string
}

export interface LogBatch {
  readonly spaces: readonly SpaceCommit[]
  readonly devices?: readonly DeviceRecord[]
}

export interface SpaceCommit {
  readonly ref: SpaceRef
  /** The head that the commit was decided on. */
  readonly expectHead: number
  /** The space afterwards. `head` is `expectHead` plus the number of rows. */
  readonly record: SpaceRecord
  /** Numbers from `expectHead + 1` on, without a hole. */
  readonly rows?: readonly LogRow[]
  /** Written or overwritten, by number. */
  readonly documents?: readonly DocumentRecord[]
  readonly writers?: readonly WriterRecord[]
  readonly clientIds?: readonly { readonly id: number; readonly writer: number }[]
  readonly refusals?: readonly Refusal[]
  readonly folds?: readonly Fold[]
}

/** Replaces the rows of a document up to `snapshot.seq`, older folds too, by the snapshot. Their hashes are kept for a while. */
export interface Fold {
  readonly document: number
  readonly snapshot: LogRow
}

/** Both empty means everything. Entities are `collection/entity`. */
export interface Wanted {
  readonly collections: readonly string[]
  readonly entities: readonly string[]
}

export interface PageQuery {
  readonly after: number
  readonly upTo: number
  readonly wanted: Wanted
  /** Stops after the row with which this many bytes or rows are reached, but not inside a group. */
  readonly bytesMax: number
  readonly rowsMax: number
}

/** Every wanted entry row in (after, to], with the chain at `to`. */
export interface Page {
  readonly rows: readonly LogRow[]
  readonly to: number
  readonly hash: Uint8Array
}

export interface UnfoldedQuery {
  /** The document number behind which to begin. */
  readonly after: number
  readonly limit: number
}

/** How many numbers below the head keep the hashes of their folded rows. */
export const foldedHashesMax = 65_536
