import type { Lane, UserId, WriterId } from '@rejoin/base'
import type { DocumentUpdate, EditResult } from '@rejoin/documents'
import type { RowInfo } from '@rejoin/outbox'
import type { Receipt } from '../api.ts'
import { unlessLost } from '../engines.ts'
import type { ReplicaEngines } from '../engines.ts'
import type { Stored } from '../live/entities.ts'
import type { LiveDocument, LiveEntity } from '../live/live-entity.ts'
import type { Receipts } from '../receipts.ts'
import type { BatchBuilder, Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import type { Counters } from '../replica/meta.ts'
import { encodeQuarantine } from '../replica/quarantine-record.ts'
import type { KeptChanges } from '../replica/quarantine-record.ts'
import { allUpdates } from '../replica/reading.ts'
import type { Origin } from '../replica/row.ts'
import type { Views } from '../views/views.ts'
import type { ReceiptBook } from './receipt-book.ts'
import type { Remaker } from './remaker.ts'
import { changesIn, tell } from './taken.ts'
import type { RowMaker, Transaction, TransactionWrite } from './writing.ts'

export interface LocalWritesDeps {
  readonly writer: WriterId
  readonly principal: UserId
  readonly committer: Committer
  readonly counters: Counters
  readonly engines: ReplicaEngines
  readonly receipts: Receipts
  readonly book: ReceiptBook
  readonly views: Views
  readonly rowMaker: (batch: BatchBuilder) => RowMaker
  readonly now: () => number
  /** These rows are durable and wait for the server. */
  readonly waiting: (rows: readonly RowInfo[]) => void
  /** So many more writes are in quarantine. */
  readonly quarantined: (writes: number) => void
  /** The entity looks different now. */
  readonly changed: (live: LiveEntity) => void
  /** What was written to the entity is on disk; nobody may need it any longer. */
  readonly saved: (live: LiveEntity) => void
}

/** What belongs in one store transaction with an edit. */
export interface Accompaniment {
  /** The transaction in quarantine that the edit makes again. */
  readonly of: Origin
  readonly write: (batch: BatchBuilder) => void
  readonly durable: () => void
}

/** A transaction in memory, on its way to disk. */
interface Pending {
  readonly live: LiveEntity
  readonly number: number
  readonly lane: Lane
  /** As they were counted when it was made; it may be made again with others. */
  readonly count: number
  readonly with: Accompaniment | undefined
  writes: readonly TransactionWrite[]
  /** What each of the writes did, if the documents were built anew since and have no place for it. */
  changes: readonly KeptChanges[] | undefined
}

const refusedBefore = 'It was made on top of a write that the server refused.'

/** Takes transactions from memory to disk: all that came since the last store transaction go into the next. */
export class LocalWrites {
  readonly #deps: LocalWritesDeps
  #transactions: Pending[] = []

  constructor(deps: LocalWritesDeps) {
    this.#deps = deps
  }

  add(live: LiveEntity, result: EditResult, lane: Lane, accompaniment?: Accompaniment): Receipt {
    const { receipts } = this.#deps
    const number = receipts.next(result.updates.length)
    const writes = writesOf(live, result.updates)
    live.unsaved += 1
    this.#deps.changed(live)
    if (this.#transactions.length === 0) this.#contribute()
    const count = result.updates.length
    this.#transactions.push({ live, number, lane, count, with: accompaniment, writes, changes: undefined })
    return receipts.receipt(number)
  }

  /**
   * The documents of an entity were built anew from what is `stored`, without what was taken. What was edited on the
   * old ones and is in memory only is made again on the new ones if it stands alone, and else goes to quarantine.
   */
  rebase(live: LiveEntity, stored: Stored, remaker: Remaker): void {
    const outdated = this.#transactions.filter((each) => each.live === live && isOutdated(each) && !each.changes)
    const changes = this.#changesOf(stored, outdated)
    for (const transaction of outdated) {
      const { writes } = transaction
      const kept = writes.map((write) => changes.get(write) ?? 'unreadable')
      const edits = changesIn(
        writes.map(({ document }, i) => ({ document: document.key, changes: kept[i] ?? 'unreadable' })),
      )
      const result = edits && unlessLost(() => remaker.make(edits))
      if (result === undefined) transaction.changes = kept
      else transaction.writes = writesOf(live, result.updates)
    }
  }

  #changesOf(stored: Stored, transactions: readonly Pending[]): ReadonlyMap<TransactionWrite, KeptChanges> {
    const changes = new Map<TransactionWrite, KeptChanges>()
    const writes = transactions.flatMap((transaction) => transaction.writes)
    for (const [{ key }, own] of Map.groupBy(writes, ({ document }) => document)) {
      const document = stored.get(key)
      const before = document === undefined ? [] : allUpdates(document)
      const told = unlessLost(() => tell(this.#deps.engines, key, before, own))
      for (const [i, write] of own.entries()) changes.set(write, told?.[i] ?? 'unreadable')
    }
    return changes
  }

  #contribute(): void {
    let transactions: readonly Pending[] = []
    let rows: readonly RowInfo[] = []
    let refused: ReadonlySet<Pending> = new Set()
    this.#deps.committer.contribute({
      write: (batch) => {
        transactions = this.#transactions
        this.#transactions = []
        for (const transaction of transactions) transaction.with?.write(batch)
        refused = new Set(transactions.filter(isOutdated))
        rows = this.#makeRows(
          batch,
          transactions.filter((transaction) => !refused.has(transaction)),
        )
        for (const transaction of refused) this.#quarantine(batch, transaction)
        this.#deps.counters.write(batch)
      },
      durable: () => this.#durable(transactions, rows, refused),
    })
  }

  #makeRows(batch: BatchBuilder, transactions: readonly Pending[]): readonly RowInfo[] {
    const { views, book } = this.#deps
    const maker = this.#deps.rowMaker(batch)
    for (const transaction of transactions) {
      if (transaction.writes.length > 0) maker.add(toWrite(transaction))
      else for (const { writer: of, transaction: n } of this.#receiptsOf(transaction)) book.stored(batch, of, [n, n])
    }
    const rows = maker.finish(batch)
    for (const { space, document } of rows) views.touch(batch, space, document)
    return rows
  }

  /** Edits on documents that were built anew since cannot stand if they build on what was taken. */
  #quarantine(batch: BatchBuilder, transaction: Pending): void {
    const { writer, principal, counters, book, views, now } = this.#deps
    const { live, lane, writes, changes = [] } = transaction
    const { number, of } = toWrite(transaction)
    for (const [i, { document, branch, update, stamp }] of writes.entries()) {
      const write = { transaction: number, update, ...(of && { of }) }
      const row = { kind: 'local' as const, branch, writer, lane, principal, group: 0, stamp, writes: [write] }
      const record = {
        space: live.space,
        document: document.key,
        kind: 'depends' as const,
        message: refusedBefore,
        row,
      }
      const kept = { at: now(), changes: [changes[i] ?? 'unreadable'], parts: [writes.length], unanswered: false }
      batch.put(keys.quarantine(counters.nextRow()), encodeQuarantine({ ...record, ...kept }))
      views.touch(batch, live.space, document.key)
    }
    for (const { writer: author, transaction: n } of this.#receiptsOf(transaction)) book.rejected(batch, author, [n])
  }

  /** Its own, and that of the transaction which it makes again. */
  #receiptsOf({
    number,
    with: other,
  }: Pending): readonly { readonly writer: WriterId; readonly transaction: number }[] {
    const own = { writer: this.#deps.writer, transaction: number }
    return other === undefined ? [own] : [own, other.of]
  }

  #durable(transactions: readonly Pending[], rows: readonly RowInfo[], refused: ReadonlySet<Pending>): void {
    const { receipts } = this.#deps
    let count = 0
    for (const { live, count: writes } of transactions) {
      count += writes
      live.unsaved -= 1
      if (live.unsaved === 0 && live.handles === 0) this.#deps.saved(live)
    }
    receipts.durable(transactions.at(-1)?.number ?? 0, count)
    for (const transaction of transactions) {
      transaction.with?.durable()
      const own = this.#receiptsOf(transaction).filter(({ writer }) => writer === this.#deps.writer)
      if (refused.has(transaction)) {
        for (const { transaction: n } of own) receipts.rejected(n, 'depends', refusedBefore)
        this.#deps.quarantined(transaction.writes.length)
      } else if (transaction.writes.length === 0) for (const { transaction: n } of own) receipts.stored([n, n])
    }
    if (rows.length > 0) this.#deps.waiting(rows)
  }
}

export function writesOf(
  live: LiveEntity,
  updates: readonly DocumentUpdate[],
  branchOf: (document: LiveDocument) => number = ({ branch }) => branch,
): readonly TransactionWrite[] {
  return updates.flatMap(({ part, field, update, stamp }) => {
    const document = live.documentAt({ part, field })
    return document === undefined ? [] : [{ live, document, branch: branchOf(document), update, stamp }]
  })
}

const toWrite = ({ number, lane, writes, with: other }: Pending): Transaction => ({
  number,
  lane,
  writes,
  of: other?.of,
})

/** The documents were built anew since it was made. */
const isOutdated = ({ writes }: Pending): boolean => writes.some(({ branch, document }) => branch < document.branch)
