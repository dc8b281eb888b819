import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntryId, Intervals, SpaceId, WriterId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import type { Entities } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { decodeRow, encodeRow, transactionsOf } from '../replica/row.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'

export interface SettlingDeps {
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly writers: OwnWriters
  readonly book: ReceiptBook
  /** Transactions of a writer of this replica are stored on the server, and this is durable here. */
  readonly resolved: (writer: WriterId, transactions: Intervals) => void
  /** The entry is acknowledged, and this is durable here. */
  readonly acknowledged: (space: SpaceId, id: EntryId) => void
  readonly grown: (live: LiveEntity, document: DocumentKey) => void
}

/**
 * Entries that the server has: in one store transaction their rows become one stored row with the entry's
 * bytes, the entry goes, and the receipts are written.
 */
export class Settling {
  readonly #deps: SettlingDeps
  #tail: Promise<void> = Promise.resolve()

  constructor(deps: SettlingDeps) {
    this.#deps = deps
  }

  /** In the order of the calls, so that what is durable is always a prefix of what was acknowledged. */
  stored(space: SpaceId, records: readonly SealedRecord[]): void {
    this.#tail = this.#tail.then(() => this.#settle(space, records))
  }

  idle(): Promise<void> {
    return this.#tail
  }

  async #settle(space: SpaceId, records: readonly SealedRecord[]): Promise<void> {
    const transactions = await this.#transactions(space, records)
    const { committer, writers, book } = this.#deps
    committer.contribute({
      write: (batch) => {
        for (const { info, update } of records) {
          for (const row of info.rows) {
            batch.remove(keys.row(space, info.document, row))
            batch.remove(keys.waiting(row))
          }
          const first = info.rows[0]
          const row = encodeRow({ kind: 'stored', entry: info.id, update })
          if (first !== undefined) batch.put(keys.row(space, info.document, first), row)
          batch.remove(keys.entry(info.id.writer, space, info.id.n))
          writers.answered(batch, space, info.id)
        }
        for (const [writer, runs] of transactions) for (const run of runs) book.stored(batch, writer, run)
      },
      durable: () => {
        for (const record of records) this.#count(record)
        for (const [writer, runs] of transactions) for (const run of runs) this.#deps.resolved(writer, run)
        for (const { info } of records) this.#deps.acknowledged(space, info.id)
      },
    })
  }

  /** Which transactions of which writers the rows hold. */
  async #transactions(space: SpaceId, records: readonly SealedRecord[]): Promise<Map<WriterId, Intervals[]>> {
    const names = records.flatMap(({ info }) => info.rows.map((row) => keys.row(space, info.document, row)))
    const transactions = new Map<WriterId, Intervals[]>()
    for (const bytes of await this.#deps.store.get(names)) {
      const row = bytes === undefined ? undefined : decodeRow(bytes)
      if (row?.ok !== true || row.value.kind !== 'local') continue
      const runs = transactions.get(row.value.writer) ?? []
      transactions.set(row.value.writer, runs)
      runs.push(transactionsOf(row.value))
    }
    return transactions
  }

  #count({ info, update }: SealedRecord): void {
    const { collection, entity } = parseDocumentKey(info.document)
    const live = this.#deps.entities.find(info.space, collection, entity)
    const document = live?.documents.get(info.document)
    if (live === undefined || document === undefined) return
    document.tailRows += 1
    document.tailBytes += update.bytes.length
    this.#deps.grown(live, info.document)
  }
}
