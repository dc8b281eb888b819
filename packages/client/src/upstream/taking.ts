import { eachNumber } from '@rejoin/base'
import type { Clock, DocumentKey, ErrorKind, Log, SpaceId, WriterId } from '@rejoin/base'
import type { OutboxEffect } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import type { Entities, Rebuilt } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import { encodeBase } from '../replica/base-record.ts'
import { BatchBuilder } from '../replica/committer.ts'
import type { Committer } from '../replica/committer.ts'
import { keys, numberOf, partsOf, under } from '../replica/keys.ts'
import { encodeQuarantine } from '../replica/quarantine-record.ts'
import { decodeRow, transactionsOf } from '../replica/row.ts'
import type { LocalRow } from '../replica/row.ts'
import type { Views } from '../views/views.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'

export type Take = Extract<OutboxEffect, { kind: 'take' }>

export interface TakingDeps {
  readonly clock: Clock
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly views: Views
  readonly writers: OwnWriters
  readonly book: ReceiptBook
  readonly log: Log
  readonly rejected: (writer: WriterId, transactions: readonly number[], kind: ErrorKind, message: string) => void
  /** The closure is in quarantine, durably. */
  readonly taken: (take: Take, rows: readonly number[]) => void
}

interface TakenRow {
  readonly row: number
  readonly document: DocumentKey
  readonly record: LocalRow
}

/**
 * Moves the closure of a refused entry into quarantine and builds its documents anew without it, from what
 * is on disk: no network is needed, and nothing that was refused stays in the document or disappears.
 */
export class Taking {
  readonly #deps: TakingDeps

  constructor(deps: TakingDeps) {
    this.#deps = deps
  }

  /** To be called at once: what is edited from now on until the rebuild builds on something refused. */
  take(take: Take): void {
    for (const document of take.documents) {
      const live = this.#deps.entities.holding(take.space, document)
      const known = live?.documents.get(document)
      if (known !== undefined) known.branchMin = known.branch + 1
    }
    this.#deps.committer
      .exclusive(() => this.#move(take))
      // The rows stay where they are and the documents stay held; the next open takes the closure again.
      .catch((cause: unknown) => this.#deps.log('error', 'quarantine.failed', { reason: String(cause) }))
  }

  async #move(take: Take): Promise<void> {
    const { store, writers, book, views, clock } = this.#deps
    const rows = await this.#rows(take)
    const documents = new Set(rows.map(({ document }) => document))
    const rebuilt = await this.#rebuild(take.space, documents, new Set(rows.map(({ row }) => row)))
    const batch = new BatchBuilder()
    const { space, error: kind, message } = take
    for (const { row, document, record } of rows) {
      batch.remove(keys.row(space, document, row))
      batch.remove(keys.waiting(row))
      batch.put(keys.quarantine(row), encodeQuarantine({ space, document, kind, message, at: clock.now(), row: record }))
    }
    for (const id of take.entries) {
      batch.remove(keys.entry(id.writer, space, id.n))
      writers.answered(batch, space, id)
    }
    for (const { bases } of rebuilt) for (const [document, base] of bases) batch.put(keys.base(space, document), encodeBase(base))
    for (const document of documents) views.touch(batch, space, document)
    const transactions = byWriter(rows)
    for (const [writer, numbers] of transactions) book.rejected(batch, writer, numbers)
    const outcome = await store.commit(batch.build())
    if (!outcome.ok) throw new Error(outcome.error.message)
    for (const { swap } of rebuilt) swap()
    for (const [writer, numbers] of transactions) this.#deps.rejected(writer, numbers, kind, message)
    this.#deps.taken(take, rows.map(({ row }) => row))
    for (const { live } of rebuilt) live.changed()
  }

  /** The rows of the closure, and those that came to its documents since. */
  async #rows(take: Take): Promise<readonly TakenRow[]> {
    const named = new Set(take.rows)
    const last = Math.max(...take.rows)
    const rows: TakenRow[] = []
    for (const document of take.documents) {
      for (const [key, bytes] of await this.#deps.store.scan(under('row', take.space, document))) {
        const record = decodeRow(bytes)
        const row = numberOf(partsOf(key)[3] ?? '')
        const concerned = named.has(row) || row > last
        if (concerned && record.ok && record.value.kind === 'local') rows.push({ row, document, record: record.value })
      }
    }
    return rows.sort((a, b) => a.row - b.row)
  }

  async #rebuild(space: SpaceId, documents: ReadonlySet<DocumentKey>, taken: ReadonlySet<number>): Promise<readonly Rebuilt[]> {
    const lives = new Set<LiveEntity>()
    for (const document of documents) {
      const live = this.#deps.entities.holding(space, document)
      if (live !== undefined) lives.add(live)
    }
    const rebuilt: Rebuilt[] = []
    for (const live of lives) rebuilt.push(await this.#deps.entities.rebuild(live, documents, taken))
    return rebuilt
  }
}

function byWriter(rows: readonly TakenRow[]): Map<WriterId, number[]> {
  const transactions = new Map<WriterId, number[]>()
  for (const { record } of rows) {
    const numbers = transactions.get(record.writer) ?? []
    transactions.set(record.writer, numbers)
    numbers.push(...eachNumber(transactionsOf(record)))
  }
  return transactions
}
