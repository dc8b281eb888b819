import {
  ByteReader,
  ByteWriter,
  encodings,
  invariant,
  isErrorKind,
  spaceId,
  tenantId,
  userId,
  writerId,
} from '@rejoin/base'
import type { DocumentKey, Intervals } from '@rejoin/base'
import type { SQLInputValue } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { rowKinds } from '../../log/records.ts'
import type {
  DeviceRecord,
  DocumentRecord,
  LogRow,
  Refusal,
  SpaceRecord,
  SpaceRef,
  WriterRecord,
} from '../../log/records.ts'
import { damaged, sealed, unsealed } from './seal.ts'
import type { Columns } from './seal.ts'

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
  if (value === undefined) throw damaged('A row of the log has an unknown kind or encoding.')
  return value
}

/** A space as its row has it. `number` stands for it in all other tables. */
export interface SpaceRow {
  readonly number: number
  readonly ref: SpaceRef
  readonly record: SpaceRecord
}

export const spaceColumns = 'number, tenant, space, epoch, head, hash, documents, writers, sum'
export const fromSpace = ({ number, ref, record }: SpaceRow): SQLInputValue[] => {
  const { epoch, head, hash, documents, writers } = record
  return sealed([number, ref.tenant, ref.space, epoch, head, hash, documents, writers])
}
export function toSpace(columns: Columns): SpaceRow {
  const [first, tenant, space, epoch, head, hash, documents, writers] = unsealed(columns, 'spaces')
  return {
    number: number(first),
    ref: { tenant: tenantId(text(tenant)), space: spaceId(text(space)) },
    record: {
      epoch: text(epoch),
      head: number(head),
      hash: bytes(hash),
      documents: number(documents),
      writers: number(writers),
    },
  }
}

export const toNumber = ([first]: Columns): number => number(first)

export const hashColumns = 'space, seq, chain, sum'
export const fromHash = (space: number, seq: number, chain: Uint8Array): SQLInputValue[] => sealed([space, seq, chain])
export const toHash = (columns: Columns): Uint8Array => bytes(unsealed(columns, 'hashes')[2])

export const clientIdColumns = 'space, id, writer, sum'
export const fromClientId = (space: number, id: number, writer: number): SQLInputValue[] => sealed([space, id, writer])
export const toClientIdWriter = (columns: Columns): number => number(unsealed(columns, 'client ids')[2])

export const deviceColumns = 'tenant, user, device, bytes, sum'
export const fromDevice = ({ tenant, user, device, bytes }: DeviceRecord): SQLInputValue[] =>
  sealed([tenant, user, device, bytes])
export const toDeviceBytes = (columns: Columns): Uint8Array => bytes(unsealed(columns, 'devices')[3])

export const documentColumns =
  'space, number, key, generation, generation_id, encoding, folded_to, folded_bytes, tail_entries, tail_bytes, isolated, sum'
export const fromDocument = (space: number, { generation, ...one }: DocumentRecord): SQLInputValue[] =>
  sealed([
    space,
    one.number,
    one.key,
    generation.number,
    generation.id,
    encodings.indexOf(one.encoding),
    one.foldedTo,
    one.foldedBytes,
    one.tailEntries,
    one.tailBytes,
    one.isolated ? 1 : 0,
  ])
export function toDocument(columns: Columns): DocumentRecord {
  const [, first, key, generation, id, encoding, ...counts] = unsealed(columns, 'documents')
  const [foldedTo, foldedBytes, entries, size, isolated] = counts
  return {
    number: number(first),
    key: text(key) as DocumentKey,
    generation: { number: number(generation), id: text(id) },
    encoding: member(encodings, encoding),
    foldedTo: number(foldedTo),
    foldedBytes: number(foldedBytes),
    tailEntries: number(entries),
    tailBytes: number(size),
    isolated: number(isolated) === 1,
  }
}

export const writerColumns = 'space, number, writer, user, logged, accepted, refused, sum'
export const fromWriter = (space: number, one: WriterRecord): SQLInputValue[] =>
  sealed([
    space,
    one.number,
    one.writer,
    one.user,
    one.logged ? 1 : 0,
    fromIntervals(one.accepted),
    fromIntervals(one.refused),
  ])
export function toWriter(columns: Columns): WriterRecord {
  const [, first, writer, user, logged, accepted, refused] = unsealed(columns, 'writers')
  return {
    number: number(first),
    writer: writerId(text(writer)),
    user: userId(text(user)),
    logged: number(logged) === 1,
    accepted: toIntervals(bytes(accepted)),
    refused: toIntervals(bytes(refused)),
  }
}

/** Everything of a row but its bytes, of which `body` is the checksum. */
export const placeColumns = 'space, seq, kind, document, writer, n, grp, stamp, encoding, chain, body, sum'
export const rowColumns: string = `bytes, ${placeColumns}`
export const fromRow = (space: number, row: LogRow): SQLInputValue[] => [
  row.bytes,
  ...sealed([
    space,
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
  ]),
]

/** Where a row is and what it says, without its bytes. */
export type Place = Omit<LogRow, 'bytes'>

export const toPlace = (columns: Columns): Place => placeOf(unsealed(columns, 'the log'))

/** Throws `storage-corrupt` if anything of it is not as it was written. */
export function toRow([body, ...columns]: Columns): LogRow {
  const values = unsealed(columns, 'the log')
  const row: LogRow = { ...placeOf(values), bytes: bytes(body) }
  if (crc32(row.bytes) !== values[10])
    throw damaged(`Row ${row.seq} of the log is damaged: the checksum of its bytes does not fit.`)
  return row
}

const placeOf = ([, seq, kind, document, writer, n, group, stamp, encoding, chain]: Columns): Place => ({
  seq: number(seq),
  kind: member(rowKinds, kind),
  document: number(document),
  writer: number(writer),
  n: number(n),
  group: number(group),
  stamp: number(stamp),
  encoding: member(encodings, encoding),
  chain: bytes(chain),
})

export const refusalColumns = 'space, writer, n, kind, message, sum'
export const fromRefusal = (space: number, { writer, n, kind, message }: Refusal): SQLInputValue[] =>
  sealed([space, writer, n, kind, message])
export function toRefusal(columns: Columns): Refusal {
  const [, writer, n, kind, message] = unsealed(columns, 'refusals')
  const name = text(kind)
  return { writer: number(writer), n: number(n), kind: isErrorKind(name) ? name : 'rule', message: text(message) }
}

/** Intervals as the differences between their ends. */
function fromIntervals(set: Intervals): Uint8Array {
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
