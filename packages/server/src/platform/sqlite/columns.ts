import {
  ByteReader,
  ByteWriter,
  encodings,
  invariant,
  isErrorKind,
  RejoinError,
  spaceId,
  tenantId,
  userId,
  writerId,
} from '@rejoin/base'
import type { DocumentKey, Intervals, UserId } from '@rejoin/base'
import { crc32 } from 'node:zlib'
import { rowKinds } from '../../log/records.ts'
import type {
  DocumentRecord,
  LogRow,
  Refusal,
  RowKind,
  SpaceRecord,
  SpaceRef,
  WriterRecord,
} from '../../log/records.ts'
import type { SpaceLife } from './witness-file.ts'

/** One row as SQLite gives it, in the order of the columns named in the query. */
export type Columns = readonly unknown[]

const number = (value: unknown): number => {
  invariant(typeof value === 'number', 'a number column')
  return value
}

const text = (value: unknown): string => {
  invariant(typeof value === 'string', 'a text column')
  return value
}

const bytes = (value: unknown): Uint8Array => {
  invariant(value instanceof Uint8Array, 'a bytes column')
  return value
}

const member = <T>(list: readonly T[], index: unknown): T => {
  const value = list[number(index)]
  if (value === undefined) throw new RejoinError('storage-corrupt', 'A row of the log has an unknown kind or encoding.')
  return value
}

export const spaceColumns = 'number, epoch, head, hash, documents, writers'
export const toSpace = ([, epoch, head, hash, documents, writers]: Columns): SpaceRecord => ({
  epoch: text(epoch),
  head: number(head),
  hash: bytes(hash),
  documents: number(documents),
  writers: number(writers),
})
export const toSpaceNumber = ([first]: Columns): number => number(first)
export const toRef = ([tenant, space]: Columns): SpaceRef => ({
  tenant: tenantId(text(tenant)),
  space: spaceId(text(space)),
})

export const toLife = ([tenant, space, epoch, head]: Columns): SpaceLife => ({
  ref: toRef([tenant, space]),
  epoch: text(epoch),
  head: number(head),
})

export const toBytes = ([first]: Columns): Uint8Array => bytes(first)
export const toClientId = ([id, writer]: Columns): readonly [id: number, writer: number] => [number(id), number(writer)]

export const documentColumns =
  'number, key, generation, generation_id, folded_to, folded_bytes, tail_entries, tail_bytes, isolated'
export const toDocument = ([
  first,
  key,
  generation,
  id,
  foldedTo,
  foldedBytes,
  entries,
  size,
  isolated,
]: Columns): DocumentRecord => ({
  number: number(first),
  key: text(key) as DocumentKey,
  generation: { number: number(generation), id: text(id) },
  foldedTo: number(foldedTo),
  foldedBytes: number(foldedBytes),
  tailEntries: number(entries),
  tailBytes: number(size),
  isolated: number(isolated) === 1,
})

export const writerColumns = 'number, writer, user, logged, accepted, refused'
export const toWriter = ([first, writer, user, logged, accepted, refused]: Columns): WriterRecord => ({
  number: number(first),
  writer: writerId(text(writer)),
  user: userId(text(user)),
  logged: number(logged) === 1,
  accepted: toIntervals(bytes(accepted)),
  refused: toIntervals(bytes(refused)),
})
export const toUser = ([user]: Columns): UserId => userId(text(user))

export const rowColumns = 'seq, kind, document, writer, n, grp, stamp, encoding, chain, sum, bytes'
/** Throws `storage-corrupt` if the bytes are not those that were written. */
export function toRow([seq, kind, document, writer, n, group, stamp, encoding, chain, sum, body]: Columns): LogRow {
  const row: LogRow = {
    seq: number(seq),
    kind: member(rowKinds, kind),
    document: number(document),
    writer: number(writer),
    n: number(n),
    group: number(group),
    stamp: number(stamp),
    encoding: member(encodings, encoding),
    bytes: bytes(body),
    chain: bytes(chain),
  }
  if (crc32(row.bytes) !== sum)
    throw new RejoinError('storage-corrupt', `Row ${row.seq} of the log is damaged: its checksum does not fit.`)
  return row
}
export const fromRow = (row: LogRow): (number | Uint8Array)[] => [
  row.seq,
  rowKinds.indexOf(row.kind),
  row.document,
  row.writer,
  row.n,
  row.group,
  row.stamp,
  encodings.indexOf(row.encoding),
  row.chain,
  crc32(row.bytes),
  row.bytes,
]

/** Where a row is, without its bytes. */
export interface Place extends Pick<LogRow, 'seq' | 'kind' | 'writer' | 'group' | 'chain'> {
  readonly kind: RowKind
  readonly key: DocumentKey | undefined
}

export const toPlace = ([seq, kind, writer, group, chain, key]: Columns): Place => ({
  seq: number(seq),
  kind: member(rowKinds, kind),
  writer: number(writer),
  group: number(group),
  chain: bytes(chain),
  key: key === null ? undefined : (text(key) as DocumentKey),
})

export const refusalColumns = 'writer, n, kind, message'
export function toRefusal([writer, n, kind, message]: Columns): Refusal {
  const name = text(kind)
  return { writer: number(writer), n: number(n), kind: isErrorKind(name) ? name : 'rule', message: text(message) }
}

/** Intervals as the differences between their ends. */
export function fromIntervals(set: Intervals): Uint8Array {
  const out = new ByteWriter(16)
  let last = 0
  for (const end of set) {
    out.number(end - last)
    last = end
  }
  return out.finish()
}

function toIntervals(encoded: Uint8Array): Intervals {
  const input = new ByteReader(encoded)
  const set: number[] = []
  let last = 0
  while (input.remaining > 0) set.push((last += input.number()))
  return set
}
