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

/** Names a transaction and its receipt for ever. */
export interface TransactionId {
  readonly writer: WriterId
  readonly transaction: number
}

/** The transaction that another one makes again, and whose receipt follows that one. */
export interface Origin extends TransactionId {
  /** How often it was itself refused and made again without anybody's doing. */
  readonly healed: number
}

/** What one transaction did to one document. */
export interface Write {
  /** The transaction's number under its writer; 0 if it is not known any more. */
  readonly transaction: number
  readonly update: Update
  /** What it makes again: the edit was made as that one, and taken with a refusal. */
  readonly of?: Origin | undefined
}

/** Transactions of one writer. */
export interface Transactions {
  readonly writer: WriterId
  readonly numbers: Intervals
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

/** The transactions whose receipts end as the row does: its own, and those that it makes again. */
export function receiptsOf(row: LocalRow): readonly Transactions[] {
  const own = { writer: row.writer, numbers: transactionsOf(row) }
  return [own, ...originsOf(row).map(({ of }) => ({ writer: of.writer, numbers: [of.transaction, of.transaction] }))]
}

/** A transaction that makes another one again. */
export interface Remade {
  readonly transaction: number
  readonly of: Origin
}

export const originsOf = ({ writes }: LocalRow): readonly Remade[] =>
  writes.flatMap(({ transaction, of }) => (of === undefined ? [] : [{ transaction, of }]))

/** The transaction as which an edit was made, by which its receipt goes. */
export const nameOf = ({ writer }: LocalRow, { transaction, of }: Write): TransactionId => of ?? { writer, transaction }

export function encodeRow(row: Row): Uint8Array {
  const body = new ByteWriter(1024)
  if (row.kind === 'stored') {
    body.byte(0)
    if (row.entry === undefined) body.byte(0)
    else writeWriter(body.byte(1), row.entry.writer).number(row.entry.n)
    writeUpdate(body, row.update)
    return sealRecord(body)
  }
  // Most rows make nothing again, and have no place for what they would.
  const isRemade = row.writes.some(({ of }) => of !== undefined)
  writeWriter(body.byte(isRemade ? 2 : 1).number(row.branch), row.writer)
    .byte(laneRank(row.lane))
    .text(row.principal)
  body.number(row.group).number(row.stamp).number(row.writes.length)
  let last = 0
  for (const write of row.writes) {
    body.number(write.transaction - last)
    last = write.transaction
    writeUpdate(body, write.update)
    if (write.of !== undefined) writeOrigin(body.byte(1), write.of)
    else if (isRemade) body.byte(0)
  }
  return sealRecord(body)
}

export const decodeRow = (bytes: Uint8Array): Result<Row, Damage> =>
  openRecord(bytes, (body) => {
    const kind = body.byte()
    if (kind > 2) throw new BytesError('of an unknown kind')
    return kind === 0 ? readStored(body) : readLocal(body, kind === 2)
  })

function readStored(body: ByteReader): StoredRow {
  const entry = body.byte() === 0 ? undefined : { writer: readWriter(body), n: body.number() }
  return { kind: 'stored', entry, update: readUpdate(body) }
}

function readLocal(body: ByteReader, isRemade: boolean): LocalRow {
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
    const write = { transaction, update: readUpdate(body) }
    writes.push(isRemade && body.byte() === 1 ? { ...write, of: readOrigin(body) } : write)
  }
  return { kind: 'local', branch, writer, lane, principal, group, stamp, writes }
}

export const writeOrigin = (body: ByteWriter, { writer, transaction, healed }: Origin): ByteWriter =>
  writeWriter(body, writer).number(transaction).number(healed)

export const readOrigin = (body: ByteReader): Origin => ({
  writer: readWriter(body),
  transaction: body.number(),
  healed: body.number(),
})

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
