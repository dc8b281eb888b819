import { eachNumber, toIntervals } from '@rejoin/base'
import type { Lane, UserId, WriterId } from '@rejoin/base'
import type { EditResult } from '@rejoin/documents'
import type { RowInfo } from '@rejoin/outbox'
import type { Receipt } from '../api.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { PickedIds } from '../live/picked-ids.ts'
import type { Receipts } from '../receipts.ts'
import type { BatchBuilder, Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import type { Counters } from '../replica/meta.ts'
import { encodeQuarantine } from '../replica/quarantine-record.ts'
import { transactionsOf } from '../replica/row.ts'
import type { LocalRow } from '../replica/row.ts'
import type { Views } from '../views/views.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'
import { RowMaker } from './writing.ts'
import type { Transaction, TransactionWrite } from './writing.ts'

export interface LocalWritesDeps {
  readonly writer: WriterId
  readonly principal: UserId
  readonly committer: Committer
  readonly counters: Counters
  readonly clientIds: PickedIds
  readonly writers: OwnWriters
  readonly receipts: Receipts
  readonly book: ReceiptBook
  readonly views: Views
  readonly rowBytesMax: number
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

const refusedBefore = 'It was made on top of a write that the server refused.'

/** Takes transactions from memory to disk: all that came since the last store transaction go into the next. */
export class LocalWrites {
  readonly #deps: LocalWritesDeps
  #transactions: Transaction[] = []

  constructor(deps: LocalWritesDeps) {
    this.#deps = deps
  }

  add(live: LiveEntity, result: EditResult, lane: Lane): Receipt {
    const { receipts } = this.#deps
    const number = receipts.next(result.updates.length)
    const writes: TransactionWrite[] = []
    for (const { part, field, update, stamp } of result.updates) {
      const document = live.documentAt({ part, field })
      if (document !== undefined) writes.push({ live, document, branch: document.branch, update, stamp })
    }
    live.unsaved += 1
    this.#deps.changed(live)
    if (this.#transactions.length === 0) this.#contribute()
    this.#transactions.push({ number, lane, writes })
    return receipts.receipt(number)
  }

  #contribute(): void {
    let transactions: readonly Transaction[] = []
    let rows: readonly RowInfo[] = []
    let refused: readonly Transaction[] = []
    this.#deps.committer.contribute({
      write: (batch) => {
        transactions = this.#transactions
        this.#transactions = []
        refused = transactions.filter((transaction) => transaction.writes.some(isOutdated))
        rows = this.#makeRows(
          batch,
          transactions.filter((transaction) => !refused.includes(transaction)),
        )
        this.#quarantine(batch, refused)
        this.#deps.counters.write(batch)
      },
      durable: () => this.#durable(transactions, rows, refused),
    })
  }

  #makeRows(batch: BatchBuilder, transactions: readonly Transaction[]): readonly RowInfo[] {
    const { writer, principal, writers, clientIds, counters, rowBytesMax, views, receipts } = this.#deps
    writers.used(batch, writer, principal, clientIds.all())
    const made = (row: number, record: LocalRow): void => void receipts.rows.set(row, transactionsOf(record))
    const maker = new RowMaker({ writer, principal, rowBytesMax, nextRow: () => counters.nextRow(), made })
    for (const transaction of transactions) maker.add(transaction)
    const rows = maker.finish(batch)
    for (const { space, document } of rows) views.touch(batch, space, document)
    return rows
  }

  /** Edits made between a refusal and the rebuild of their documents cannot stand: they build on what was refused. */
  #quarantine(batch: BatchBuilder, transactions: readonly Transaction[]): void {
    const { writer, principal, counters, book, views, now } = this.#deps
    for (const { number, lane, writes } of transactions) {
      for (const { live, document, branch, update, stamp } of writes) {
        const row = {
          kind: 'local' as const,
          branch,
          writer,
          lane,
          principal,
          group: 0,
          stamp,
          writes: [{ transaction: number, update }],
        }
        const place = { space: live.space, document: document.key }
        batch.put(
          keys.quarantine(counters.nextRow()),
          encodeQuarantine({ ...place, kind: 'depends', message: refusedBefore, at: now(), row }),
        )
        views.touch(batch, live.space, document.key)
      }
    }
    if (transactions.length > 0)
      book.rejected(batch, writer, eachNumber(toIntervals(transactions.map(({ number }) => number))))
  }

  #durable(transactions: readonly Transaction[], rows: readonly RowInfo[], refused: readonly Transaction[]): void {
    const { receipts } = this.#deps
    let count = 0
    for (const { writes } of transactions) {
      count += writes.length
      const live = writes[0]?.live
      if (live === undefined) continue
      live.unsaved -= 1
      if (live.unsaved === 0 && live.handles === 0) this.#deps.saved(live)
    }
    receipts.durable(transactions.at(-1)?.number ?? 0, count)
    for (const { number } of refused) receipts.rejected(number, 'depends', refusedBefore)
    if (refused.length > 0) this.#deps.quarantined(countWrites(refused))
    if (rows.length > 0) this.#deps.waiting(rows)
  }
}

const countWrites = (transactions: readonly Transaction[]): number =>
  transactions.reduce((sum, { writes }) => sum + writes.length, 0)

const isOutdated = (write: TransactionWrite): boolean => write.branch < write.document.branchMin
