import {
  ByteWriter,
  documentKey,
  eachNumber,
  entryKinds,
  laneRank,
  lanes,
  noIntervals,
  parseDocumentKey,
  spaceId,
  userId,
} from '@rejoin/base'
import type { DocumentKey, EntryKind, Intervals, Result, SpaceId, WriterId } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import type { SealedInfo } from '@rejoin/outbox'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'
import { pick, readOrigin, readUpdate, readWriter, writeOrigin, writeUpdate, writeWriter } from './row.ts'
import type { LocalRow, Remade, Transactions, Write } from './row.ts'
import { readNumbers, writeNumbers } from './writer-records.ts'

/** A sealed entry as it is kept until it is answered: its bytes never change, so a resend is byte-identical. */
export interface SealedRecord {
  readonly kind: EntryKind
  readonly info: SealedInfo
  /** The writer that made the rows; the entry's id names the one that sealed them. */
  readonly author: WriterId
  /** The author's transactions in each of the rows, in the order of `info.rows`: how the entry ends, they end. */
  readonly transactions: readonly Intervals[]
  /** Those of them that make others again: how the entry ends, those end too. */
  readonly remade: readonly Remade[]
  /** No bytes if its rows could not be read when it was sealed: it is refused, and is no copy of anything. */
  readonly update: Update
}

/**
 * Stands in for a row whose bytes are damaged: the entry holds what the row did, and perhaps more of the same. The
 * first of its writes has the bytes of all.
 */
export function standIn(record: SealedRecord, row: number, group: number): LocalRow {
  const { info, author, transactions, remade, update } = record
  const [first = 0, ...others] = eachNumber(transactions[info.rows.indexOf(row)] ?? noIntervals)
  const noBytes: Update = { encoding: update.encoding, bytes: new Uint8Array(0) }
  const writeOf = (transaction: number, bytes: Update): Write => {
    const of = remade.find((each) => each.transaction === transaction)?.of
    return { transaction, update: bytes, ...(of && { of }) }
  }
  return {
    kind: 'local',
    branch: info.branch,
    writer: author,
    lane: info.lane,
    principal: info.principal,
    group,
    stamp: info.stamp,
    writes: [writeOf(first, update), ...others.map((transaction) => writeOf(transaction, noBytes))],
  }
}

/** The transactions whose receipts end as the entry does. */
export function receiptsIn({ author, transactions, remade }: SealedRecord): readonly Transactions[] {
  const own = transactions.map((numbers) => ({ writer: author, numbers }))
  if (remade.length === 0) return own
  return [...own, ...remade.map(({ of }) => ({ writer: of.writer, numbers: [of.transaction, of.transaction] }))]
}

/** Whether the entry has what the row of its document did. */
export const holds = ({ info, update }: SealedRecord, space: SpaceId, document: DocumentKey, row: number): boolean =>
  update.bytes.length > 0 && info.space === space && info.document === document && info.rows.includes(row)

export function encodeSealed(record: SealedRecord): Uint8Array {
  const { info, update } = record
  const body = new ByteWriter(update.bytes.length + 256)
  writeWriter(body, info.id.writer).number(info.id.n).byte(entryKinds.indexOf(record.kind))
  writeWriter(body, record.author).text(info.space).text(info.document)
  body.number(info.generation.number).text(info.generation.id)
  body.number(info.rows.length)
  let last = 0
  for (const row of info.rows) {
    body.number(row - last)
    last = row
  }
  body.byte(laneRank(info.lane)).text(info.principal)
  if (info.after === undefined) body.byte(0)
  else writeWriter(body.byte(1), info.after.writer).number(info.after.n)
  body.number(info.group).number(info.groupSize).number(info.stamp).number(info.branch).number(info.writes)
  for (const index of info.rows.keys()) writeNumbers(body, record.transactions[index] ?? noIntervals)
  writeUpdate(body, update)
  if (record.remade.length > 0) body.number(record.remade.length)
  for (const { transaction, of } of record.remade) writeOrigin(body.number(transaction), of)
  return sealRecord(body)
}

export const decodeSealed = (bytes: Uint8Array): Result<SealedRecord, Damage> =>
  openRecord(bytes, (body) => {
    const id = { writer: readWriter(body), n: body.number() }
    const kind = pick(entryKinds, body.byte())
    const author = readWriter(body)
    const space = spaceId(body.text())
    const document = documentKey(parseDocumentKey(body.text()))
    const generation = { number: body.number(), id: body.text() }
    const rows: number[] = []
    let row = 0
    for (let left = body.number(); left > 0; left--) {
      row += body.number()
      rows.push(row)
    }
    const lane = pick(lanes, body.byte())
    const principal = userId(body.text())
    const after = body.byte() === 0 ? undefined : { writer: readWriter(body), n: body.number() }
    const group = body.number()
    const groupSize = body.number()
    const stamp = body.number()
    const branch = body.number()
    const writes = body.number()
    const transactions = rows.map(() => readNumbers(body))
    const update = readUpdate(body)
    const remade: Remade[] = []
    if (body.remaining > 0)
      for (let left = body.number(); left > 0; left--) remade.push({ transaction: body.number(), of: readOrigin(body) })
    const planned = { id, document, generation, branch, rows, lane, principal, after, group, groupSize, stamp, writes }
    // What was sealed before the last open may have been sent then; only the server can say.
    const info: SealedInfo = { ...planned, space, bytes: update.bytes.length, sent: true }
    return { kind, info, author, transactions, remade, update }
  })
