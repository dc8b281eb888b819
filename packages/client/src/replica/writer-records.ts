import { ByteReader, ByteWriter, userId } from '@rejoin/base'
import type { Intervals, Result, UserId } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** A writer of this replica: who wrote, and under which CRDT client ids. */
export interface WriterRecord {
  readonly principal: UserId
  readonly clientIds: readonly number[]
}

/** The entries that a writer sealed in one space. */
export interface EntryNumbers {
  /** The number of the last sealed entry; the next is one more. */
  readonly last: number
  /** Entries with a final answer that was made durable here. */
  readonly answered: Intervals
}

/** The transactions of a writer that reached their end. */
export interface Receipts {
  readonly stored: Intervals
  readonly rejected: Intervals
}

export const encodeWriter = (record: WriterRecord): Uint8Array =>
  sealRecord(writeNumbers(new ByteWriter().text(record.principal), record.clientIds))

export const decodeWriter = (bytes: Uint8Array): Result<WriterRecord, Damage> =>
  openRecord(bytes, (body) => ({ principal: userId(body.text()), clientIds: readNumbers(body) }))

export const encodeEntryNumbers = (record: EntryNumbers): Uint8Array =>
  sealRecord(writeNumbers(new ByteWriter().number(record.last), record.answered))

export const decodeEntryNumbers = (bytes: Uint8Array): Result<EntryNumbers, Damage> =>
  openRecord(bytes, (body) => ({ last: body.number(), answered: readNumbers(body) }))

export const encodeReceipts = (record: Receipts): Uint8Array =>
  sealRecord(writeNumbers(writeNumbers(new ByteWriter(), record.stored), record.rejected))

export const decodeReceipts = (bytes: Uint8Array): Result<Receipts, Damage> =>
  openRecord(bytes, (body) => ({ stored: readNumbers(body), rejected: readNumbers(body) }))

export function writeNumbers(body: ByteWriter, numbers: readonly number[]): ByteWriter {
  body.number(numbers.length)
  for (const n of numbers) body.number(n)
  return body
}

export function readNumbers(body: ByteReader): readonly number[] {
  const numbers: number[] = []
  for (let left = body.number(); left > 0; left--) numbers.push(body.number())
  return numbers
}
