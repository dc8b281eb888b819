import {
  addNumber,
  ByteReader,
  ByteWriter,
  BytesError,
  encodings,
  fromHex,
  lanes,
  laneRank,
  noIntervals,
  toHex,
  userId,
  writerId,
} from '@rejoin/base'
import type { Encoding, EntryId, Intervals, Lane, Result, Stamp, UserId, WriterId } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** What one transaction did to one document. */
export interface Write {
  /** The transaction's number under its writer; 0 if it is not known any more. */
  readonly transaction: number
  readonly update: Update
}

/** Writes of this replica to one document, made in one store transaction: waits until the server has them. */
export interface LocalRow {
  readonly kind: 'local'
  /** Which rebuild of the document the bytes build on. */
  readonly branch: number
  readonly writer: WriterId
  readonly lane: Lane
  readonly principal: UserId
  /** Rows of transactions over several documents share a number; 0 alone. */
  readonly group: number
  /** At least as great as every stamp in the bytes. */
  readonly stamp: Stamp
  readonly writes: readonly Write[]
}

/** Bytes that the server's log holds: received from it, or acknowledged by it. */
export interface StoredRow {
  readonly kind: 'stored'
  readonly entry: EntryId | undefined
  readonly update: Update
}

export type Row = LocalRow | StoredRow

/** What the row did; where an entry stands in for it, the bytes of one write are those of all. */
export const updatesOf = (row: Row): readonly Update[] =>
  row.kind === 'stored' ? [row.update] : row.writes.flatMap(({ update }) => (update.bytes.length === 0 ? [] : [update]))

export function transactionsOf(row: LocalRow): Intervals {
  let numbers: Intervals = noIntervals
  for (const { transaction } of row.writes) if (transaction > 0) numbers = addNumber(numbers, transaction)
  return numbers
}

export function encodeRow(row: Row): Uint8Array {
  const body = new ByteWriter(1024)
  if (row.kind === 'stored') {
    body.byte(0)
    if (row.entry === undefined) body.byte(0)
    else writeWriter(body.byte(1), row.entry.writer).number(row.entry.n)
    writeUpdate(body, row.update)
    return sealRecord(body)
  }
  writeWriter(body.byte(1).number(row.branch), row.writer).byte(laneRank(row.lane)).text(row.principal)
  body.number(row.group).number(row.stamp).number(row.writes.length)
  let last = 0
  for (const write of row.writes) {
    body.number(write.transaction - last)
    last = write.transaction
    writeUpdate(body, write.update)
  }
  return sealRecord(body)
}

export const decodeRow = (bytes: Uint8Array): Result<Row, Damage> =>
  openRecord(bytes, (body) => (body.byte() === 0 ? readStored(body) : readLocal(body)))

function readStored(body: ByteReader): StoredRow {
  const entry = body.byte() === 0 ? undefined : { writer: readWriter(body), n: body.number() }
  return { kind: 'stored', entry, update: readUpdate(body) }
}

function readLocal(body: ByteReader): LocalRow {
  const branch = body.number()
  const writer = readWriter(body)
  const lane = pick(lanes, body.byte())
  const principal = userId(body.text())
  const group = body.number()
  const stamp = body.number()
  const writes: Write[] = []
  let transaction = 0
  for (let left = body.number(); left > 0; left--) {
    transaction += body.number()
    writes.push({ transaction, update: readUpdate(body) })
  }
  return { kind: 'local', branch, writer, lane, principal, group, stamp, writes }
}

export function writeUpdate(body: ByteWriter, update: Update): ByteWriter {
  return body.byte(encodings.indexOf(update.encoding)).bytes(update.bytes)
}

export function readUpdate(body: ByteReader): Update {
  return { encoding: pick<Encoding>(encodings, body.byte()), bytes: body.bytes() }
}

export const writeWriter = (body: ByteWriter, writer: WriterId): ByteWriter =>
  body.raw(fromHex(writer) ?? new Uint8Array(16))
export const readWriter = (body: ByteReader): WriterId => writerId(toHex(body.raw(16)))

export function pick<T>(table: readonly T[], index: number): T {
  const value = table[index]
  if (value === undefined) throw new BytesError('of an unknown kind')
  return value
}
