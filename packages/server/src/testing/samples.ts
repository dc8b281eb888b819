import { documentKey, firstGeneration, spaceId, tenantId, userId, writerId } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import { emptySpace } from '../log/records.ts'
import type { DocumentRecord, LogRow, SpaceRecord, SpaceRef, WriterRecord } from '../log/records.ts'
import type { LogStore, PageQuery, SpaceCommit } from '../log/store.ts'
import { address } from './peer.ts'

export const refOf = (space: string, tenant = 'acme'): SpaceRef => ({ tenant: tenantId(tenant), space: spaceId(space) })
export const writerOf = (digit: number): ReturnType<typeof writerId> =>
  writerId(digit.toString(16).repeat(32).slice(0, 32))
export const keyOf = (entity: string, collection = 'notes'): DocumentKey =>
  documentKey(address(entity, '', 'shared', collection))

export const hash = (seq: number): Uint8Array => new Uint8Array(16).fill(seq)

export const documentRecord = (
  number: number,
  key: DocumentKey,
  more: Partial<DocumentRecord> = {},
): DocumentRecord => ({
  number,
  key,
  generation: firstGeneration,
  encoding: 'yjs-1',
  foldedTo: 0,
  foldedBytes: 0,
  tailEntries: 1,
  tailBytes: 1,
  isolated: false,
  ...more,
})

export const writerRecord = (number: number, more: Partial<WriterRecord> = {}): WriterRecord => ({
  number,
  writer: writerOf(number),
  user: userId('ada'),
  logged: true,
  accepted: [],
  refused: [],
  ...more,
})

export const row = (seq: number, more: Partial<LogRow> = {}): LogRow => ({
  seq,
  kind: 'update',
  document: 1,
  writer: 1,
  n: seq,
  group: 0,
  stamp: 0,
  encoding: 'yjs-1',
  bytes: Uint8Array.of(seq),
  chain: hash(seq),
  ...more,
})

/** A commit of rows behind `expectHead`, with a record to match. */
export function commitOf(
  ref: SpaceRef,
  expectHead: number,
  rows: readonly LogRow[],
  more: Partial<SpaceCommit> = {},
): SpaceCommit {
  const head = expectHead + rows.length
  const record: SpaceRecord = {
    ...emptySpace,
    epoch: 'e'.repeat(32),
    head,
    hash: head === 0 ? emptySpace.hash : hash(head),
  }
  return { ref, expectHead, record, rows, ...more }
}

export const everything: PageQuery = {
  after: 0,
  upTo: 1_000_000,
  wanted: { collections: [], entities: [] },
  bytesMax: 1_000_000,
  rowsMax: 1_000_000,
}

/** The numbers of all rows of a space that replicas are sent. */
export const seqsOf = async (
  store: LogStore,
  ref: SpaceRef,
  query: Partial<PageQuery> = {},
): Promise<readonly number[]> => (await store.page(ref, { ...everything, ...query })).rows.map(({ seq }) => seq)
