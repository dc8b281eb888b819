import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import type { DocumentChanges, Update } from '@rejoin/documents'
import { isLost } from '../engines.ts'
import type { ReplicaEngines } from '../engines.ts'
import type { KeptChanges } from '../replica/quarantine-record.ts'
import type { StoredDocument } from '../replica/reading.ts'
import { updatesOf } from '../replica/row.ts'
import type { LocalRow, Write } from '../replica/row.ts'
import type { WaitingRow } from './closure.ts'

/** What a transaction did to one document. */
export interface TakenWrite {
  readonly row: number
  readonly document: DocumentKey
  readonly record: LocalRow
  readonly write: Write
  readonly changes: KeptChanges
}

/** A transaction of rows that were taken, whole. */
export type TakenTransaction = readonly TakenWrite[]

/** What each write of these rows did to the documents as they stood before it. */
export function writesIn(
  engines: ReplicaEngines,
  stored: ReadonlyMap<DocumentKey, StoredDocument>,
  rows: readonly WaitingRow[],
): readonly TakenWrite[] {
  const kept = new Map<LocalRow, readonly KeptChanges[]>()
  const taken = new Set(rows.map(({ row }) => row))
  for (const [document, own] of Map.groupBy(rows, (row) => row.document)) {
    const before = (stored.get(document)?.rows ?? []).flatMap(({ row, value }) =>
      taken.has(row) ? [] : updatesOf(value),
    )
    const snapshot = stored.get(document)?.base.snapshot
    const writes = own.flatMap(({ record }) => record.writes)
    const told = tell(engines, document, snapshot === undefined ? before : [snapshot, ...before], writes)
    let next = 0
    for (const { record } of own) kept.set(record, told.slice(next, (next += record.writes.length)))
  }
  return rows.flatMap(({ row, document, record }) =>
    record.writes.map((write, i) => ({
      row,
      document,
      record,
      write,
      changes: kept.get(record)?.[i] ?? 'unreadable',
    })),
  )
}

/** What each of the writes to the document did, one after another. Throws `engine-lost`. */
export function tell(
  engines: ReplicaEngines,
  document: DocumentKey,
  before: readonly Update[],
  writes: readonly { readonly update: Update }[],
): readonly KeptChanges[] {
  const updates = writes.map(({ update }) => update)
  const [first] = updates
  const engine = first && engines.ofDocument(document, first)
  // The bytes of several rows stand in for one of them: nobody can say which write did what.
  if (engine === undefined || updates.some(({ bytes }) => bytes.length === 0)) return writes.map(() => 'unreadable')
  try {
    return engines.use(engine, () => engine.changesOfEach(before, updates))
  } catch (cause) {
    if (isLost(cause)) throw cause
    return writes.map(() => 'unreadable')
  }
}

/** Put together by transaction, in an order that is that of every document. */
export function transactionsIn(writes: readonly TakenWrite[]): readonly TakenTransaction[] {
  const byName = Map.groupBy(writes, transactionOf)
  const transactions: readonly TakenTransaction[] = [...byName.values()]
  const lastIn = new Map<DocumentKey, TakenTransaction>()
  const missing = new Map<TakenTransaction, number>()
  const next = new Map<TakenTransaction, TakenTransaction[]>()
  const ofWrite = new Map(
    transactions.flatMap((transaction) => transaction.map((write) => [write, transaction] as const)),
  )
  for (const write of writes) {
    const transaction = ofWrite.get(write)
    const before = lastIn.get(write.document)
    if (transaction === undefined || before === transaction) continue
    lastIn.set(write.document, transaction)
    if (before === undefined) continue
    missing.set(transaction, (missing.get(transaction) ?? 0) + 1)
    const followers = next.get(before) ?? []
    next.set(before, followers)
    followers.push(transaction)
  }
  const ordered = transactions.filter((transaction) => !missing.has(transaction))
  for (const transaction of ordered)
    for (const follower of next.get(transaction) ?? []) {
      const left = (missing.get(follower) ?? 1) - 1
      missing.set(follower, left)
      if (left === 0) ordered.push(follower)
    }
  return ordered
}

/** Names the transaction; one that is not known any more is a row's own. */
export const transactionOf = ({ record, write, row }: TakenWrite): string =>
  write.transaction === 0 ? `row ${row}` : `${record.writer} ${write.transaction}`

/** In a part of which something was lost, nobody knows what else it did. */
export const torn = (write: TakenWrite): TakenWrite =>
  typeof write.changes === 'string' ? write : { ...write, changes: { ...write.changes, whole: false } }

/** What the transaction did, if that can be told whole. */
export function changesIn(
  transaction: readonly Pick<TakenWrite, 'document' | 'changes'>[],
): readonly DocumentChanges[] | undefined {
  const all: DocumentChanges[] = []
  for (const { document, changes } of transaction) {
    if (typeof changes === 'string' || !changes.whole) return undefined
    const { part, field } = parseDocumentKey(document)
    all.push({ part, field, changes: changes.changes })
  }
  return all
}
