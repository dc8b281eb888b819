import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntryId, Intervals, Log, SpaceId, Timers, WriterId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import type { Entities } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import type { Counters } from '../replica/meta.ts'
import { decodeRow, encodeRow, transactionsOf } from '../replica/row.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'

export interface SettlingDeps {
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly writers: OwnWriters
  readonly counters: Counters
  readonly book: ReceiptBook
  /** The transactions of the waiting rows of this open's writer. */
  readonly ownRows: Map<number, Intervals>
  readonly writer: WriterId
  /** Transactions of a writer of this replica are stored on the server, and this is durable here. */
  readonly resolved: (writer: WriterId, transactions: Intervals) => void
  /** The entry is acknowledged, and this is durable here. */
  readonly acknowledged: (space: SpaceId, id: EntryId) => void
  /** Something that is another after the space was left and joined again; undefined while it is not joined. */
  readonly lifeOf: (space: SpaceId) => object | undefined
  readonly timers: Timers
  readonly log: Log
  /** How soon a read that failed is tried again. */
  readonly retryDelayMs: number
  readonly grown: (live: LiveEntity, document: DocumentKey) => void
}

/**
 * Entries that the server has: in one store transaction their rows become one stored row with the entry's
 * bytes, the entry goes, and the receipts are written.
 */
export class Settling {
  readonly #deps: SettlingDeps
  #tail: Promise<void> = Promise.resolve()
  #closed = false
  /** Entries that the server has, and this device does not know it durably. */
  unsettled = 0

  constructor(deps: SettlingDeps) {
    this.#deps = deps
  }

  /** In the order of the calls, so that what is durable is always a prefix of what was acknowledged. */
  stored(space: SpaceId, records: readonly SealedRecord[]): void {
    const life = this.#deps.lifeOf(space)
    this.unsettled += records.length
    this.#tail = this.#tail.then(() => this.#settle(space, records, life))
  }

  /** Resolves when everything is handed to the store. What cannot be read now is asked about after the next open. */
  close(): Promise<void> {
    this.#closed = true
    return this.#tail
  }

  async #settle(space: SpaceId, records: readonly SealedRecord[], life: object | undefined): Promise<void> {
    const transactions = await this.#transactionsAtLast(space, records)
    if (transactions === undefined) return
    const { committer, writers, counters, book, lifeOf } = this.#deps
    committer.contribute({
      write: (batch) => {
        if (life === undefined || lifeOf(space) !== life) return
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
          counters.stored(info.stamp)
        }
        counters.write(batch)
        for (const [writer, runs] of transactions) for (const run of runs) book.stored(batch, writer, run)
      },
      durable: () => {
        this.unsettled -= records.length
        for (const { info } of records) for (const row of info.rows) this.#deps.ownRows.delete(row)
        if (life === undefined || lifeOf(space) !== life) return
        for (const record of records) this.#count(record)
        for (const [writer, runs] of transactions) for (const run of runs) this.#deps.resolved(writer, run)
        for (const { info } of records) this.#deps.acknowledged(space, info.id)
      },
    })
  }

  /** A store that cannot be read now may be readable soon; undefined if the replica is closed before. */
  async #transactionsAtLast(
    space: SpaceId,
    records: readonly SealedRecord[],
  ): Promise<Map<WriterId, Intervals[]> | undefined> {
    const { timers, log, retryDelayMs } = this.#deps
    for (;;) {
      try {
        return await this.#transactions(space, records)
      } catch (cause) {
        log('warn', 'store.read-failed', { reason: String(cause) })
      }
      if (this.#closed) return undefined
      await new Promise<void>((resolve) => timers.after(retryDelayMs, resolve))
    }
  }

  /** Which transactions of which writers the rows hold. */
  async #transactions(space: SpaceId, records: readonly SealedRecord[]): Promise<Map<WriterId, Intervals[]>> {
    const { store, ownRows, writer: own } = this.#deps
    const transactions = new Map<WriterId, Intervals[]>()
    const add = (writer: WriterId, numbers: Intervals): void => {
      const runs = transactions.get(writer) ?? []
      transactions.set(writer, runs)
      runs.push(numbers)
    }
    const rows = records.flatMap(({ info }) =>
      info.rows.map((row) => [row, keys.row(space, info.document, row)] as const),
    )
    const found = await store.get(rows.map(([, key]) => key))
    for (const [index, [row]] of rows.entries()) {
      const bytes = found[index]
      const known = ownRows.get(row)
      const record = bytes === undefined || known !== undefined ? undefined : decodeRow(bytes)
      if (known !== undefined) add(own, known)
      else if (record?.ok === true && record.value.kind === 'local')
        add(record.value.writer, transactionsOf(record.value))
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
