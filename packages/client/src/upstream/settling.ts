import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntryId, Intervals, SpaceId, WriterId } from '@rejoin/base'
import type { Entities } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import type { Counters } from '../replica/meta.ts'
import { encodeRow } from '../replica/row.ts'
import { receiptsIn } from '../replica/sealed-record.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'

export interface SettlingDeps {
  readonly committer: Committer
  readonly entities: Entities
  readonly writers: OwnWriters
  readonly counters: Counters
  readonly book: ReceiptBook
  /** The transactions of the waiting rows of this open's writer. */
  readonly ownRows: Map<number, unknown>
  /** Transactions of a writer of this replica are stored on the server, and this is durable here. */
  readonly resolved: (writer: WriterId, transactions: Intervals) => void
  /** The entry is acknowledged, and this is durable here. */
  readonly acknowledged: (space: SpaceId, id: EntryId) => void
  /** Something that is another after the space was left and joined again; undefined while it is not joined. */
  readonly lifeOf: (space: SpaceId) => object | undefined
  readonly grown: (live: LiveEntity, document: DocumentKey) => void
}

/**
 * Entries that the server has: in one store transaction their rows become one stored row with the entry's
 * bytes, the entry goes, and the receipts are written.
 */
export class Settling {
  readonly #deps: SettlingDeps
  /** Entries that the server has, and this device does not know it durably. */
  unsettled = 0

  constructor(deps: SettlingDeps) {
    this.#deps = deps
  }

  /** In the order of the calls, so that what is durable is always a prefix of what was acknowledged. */
  stored(space: SpaceId, records: readonly SealedRecord[]): void {
    const { committer, writers, counters, book, lifeOf } = this.#deps
    const life = lifeOf(space)
    this.unsettled += records.length
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
        for (const record of records)
          for (const { writer, numbers } of receiptsIn(record)) book.stored(batch, writer, numbers)
      },
      durable: () => {
        this.unsettled -= records.length
        for (const { info } of records) for (const row of info.rows) this.#deps.ownRows.delete(row)
        if (life === undefined || lifeOf(space) !== life) return
        for (const record of records) this.#count(record)
        for (const record of records)
          for (const { writer, numbers } of receiptsIn(record)) this.#deps.resolved(writer, numbers)
        for (const { info } of records) this.#deps.acknowledged(space, info.id)
      },
    })
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
