import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, SpaceId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import { receiptId } from '../receipts.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import { keys, under } from '../replica/keys.ts'
import { decodeQuarantine, encodeQuarantine } from '../replica/quarantine-record.ts'
import type { KeptChanges, QuarantineRecord } from '../replica/quarantine-record.ts'
import { nameOf } from '../replica/row.ts'
import type { Reason } from './refusal.ts'
import type { Remaker } from './remaker.ts'
import { transactionOf } from './taken.ts'
import type { TakenWrite } from './taken.ts'

/** A write in quarantine, in the record of its row. */
export interface KeptWrite {
  readonly key: string
  readonly record: QuarantineRecord
  /** Its place in the row. */
  readonly index: number
  /** Of its receipt. */
  readonly id: string
}

/** Everything in quarantine, oldest first: a write for each document that a transaction wrote to. */
export async function readQuarantine(store: Store): Promise<readonly KeptWrite[]> {
  const found: KeptWrite[] = []
  for (const [key, bytes] of await store.scan(under('quarantine'))) {
    const record = decodeQuarantine(bytes)
    if (!record.ok) continue
    const { row } = record.value
    for (const [index, write] of row.writes.entries()) {
      const { writer, transaction } = nameOf(row, write)
      found.push({ key, record: record.value, index, id: receiptId(writer, transaction) })
    }
  }
  return found
}

/** Puts what is left of each row in quarantine. */
export function putInQuarantine(
  batch: BatchBuilder,
  space: SpaceId,
  writes: readonly TakenWrite[],
  how: {
    readonly at: number
    readonly reasonOf: (row: number) => Reason
    /** What was made again, by which the rest has to find it. */
    readonly remaker?: Remaker | undefined
    readonly isUnanswered?: (row: number) => boolean
  },
): void {
  const parts = new Map([...Map.groupBy(writes, transactionOf)].map(([name, own]) => [name, own.length]))
  for (const [row, own] of Map.groupBy(writes, (write) => write.row)) {
    const [first] = own
    if (first === undefined) continue
    const { document, record } = first
    const left = { ...record, writes: own.map(({ write }) => write) }
    const changes = own.map((write) => renamed(how.remaker, document, write.changes))
    const counts = own.map((write) => parts.get(transactionOf(write)) ?? 1)
    const place = {
      space,
      document,
      row: left,
      changes,
      parts: counts,
      unanswered: how.isUnanswered?.(row) ?? false,
      at: how.at,
    }
    batch.put(keys.quarantine(row), encodeQuarantine({ ...place, ...how.reasonOf(row) }))
  }
}

/** Takes writes out; what is kept finds what was made again, and it builds on, by its new names. */
export function changeQuarantine(
  batch: BatchBuilder,
  kept: readonly KeptWrite[],
  gone: ReadonlySet<KeptWrite>,
  made?: { readonly space: SpaceId; readonly entity: string; readonly remaker: Remaker },
): void {
  for (const [key, own] of Map.groupBy(kept, (write) => write.key)) {
    const record = own[0]?.record
    if (record === undefined) continue
    const isConcerned = made !== undefined && made.space === record.space && made.entity === entityOf(record.document)
    const left = own.filter((write) => !gone.has(write))
    const changes = left.map(({ index }) =>
      renamed(isConcerned ? made.remaker : undefined, record.document, record.changes[index] ?? 'unreadable'),
    )
    const isSame = left.length === own.length && changes.every((each, i) => each === record.changes[i])
    if (isSame) continue
    const writes = left.flatMap(({ index }) => record.row.writes[index] ?? [])
    const parts = left.map(({ index }) => record.parts[index] ?? 1)
    if (writes.length === 0) batch.remove(key)
    else batch.put(key, encodeQuarantine({ ...record, row: { ...record.row, writes }, changes, parts }))
  }
}

function renamed(remaker: Remaker | undefined, document: DocumentKey, changes: KeptChanges): KeptChanges {
  if (typeof changes === 'string' || remaker === undefined) return changes
  const next = remaker.renamed(parseDocumentKey(document), changes.changes)
  return next === changes.changes ? changes : { ...changes, changes: next }
}

export function entityOf(document: DocumentKey): string {
  const { collection, entity } = parseDocumentKey(document)
  return `${collection}/${entity}`
}
