import { eachNumber, parseDocumentKey } from '@rejoin/base'
import type { Clock, DocumentKey, ErrorKind, WriterId } from '@rejoin/base'
import type { OutboxEffect } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import type { Entities, Rebuilt } from '../live/entities.ts'
import { encodeBase } from '../replica/base-record.ts'
import { BatchBuilder } from '../replica/committer.ts'
import type { Committer } from '../replica/committer.ts'
import { keys, numberOf, partsOf, underEntity } from '../replica/keys.ts'
import type { KeyRange } from '../replica/keys.ts'
import { encodeQuarantine } from '../replica/quarantine-record.ts'
import { documentOf } from '../replica/reading.ts'
import { decodeRow, transactionsOf } from '../replica/row.ts'
import type { Views } from '../views/views.ts'
import { closureOf } from './closure.ts'
import type { WaitingRow } from './closure.ts'
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
  readonly rejected: (writer: WriterId, transactions: readonly number[], kind: ErrorKind, message: string) => void
  /** So many more writes are in quarantine. */
  readonly quarantined: (writes: number) => void
  /** The closure is in quarantine, durably. */
  readonly taken: (take: Take, rows: readonly number[]) => void
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
    const { entities, committer } = this.#deps
    for (const live of new Set(take.documents.map((document) => entities.holding(take.space, document)))) live?.doubt()
    committer.insist('quarantine', () => this.#move(take))
  }

  async #move(take: Take): Promise<void> {
    const { committer, writers, book, views, clock, entities } = this.#deps
    const batch = new BatchBuilder()
    const rows = await this.#rows(take)
    const rebuilt = await this.#rebuild(take, rows)
    const { space, error: kind, message } = take
    // Those that were given up have nothing but this.
    for (const row of take.rows) batch.remove(keys.waiting(row))
    for (const { row, document, record } of rows) {
      batch.remove(keys.row(space, document, row))
      batch.remove(keys.waiting(row))
      batch.put(
        keys.quarantine(row),
        encodeQuarantine({ space, document, kind, message, at: clock.now(), row: record }),
      )
    }
    for (const id of take.entries) {
      batch.remove(keys.entry(id.writer, space, id.n))
      writers.answered(batch, space, id)
    }
    for (const { bases } of rebuilt)
      for (const [document, base] of bases) batch.put(keys.base(space, document), encodeBase(base))
    for (const document of documentsIn(take, rows)) views.touch(batch, space, document)
    const transactions = byWriter(rows)
    for (const [writer, numbers] of transactions) book.rejected(batch, writer, numbers)
    await committer.apply(batch)
    for (const { swap } of rebuilt) swap()
    for (const [writer, numbers] of transactions) this.#deps.rejected(writer, numbers, kind, message)
    this.#deps.quarantined(rows.reduce((sum, { record }) => sum + record.writes.length, 0))
    this.#deps.taken(
      take,
      rows.map(({ row }) => row),
    )
    for (const { live } of rebuilt) if (live !== undefined) entities.changed(live)
  }

  /** The rows of the closure, and those that came since and build on it. A damaged one is seen to by the rebuild. */
  async #rows(take: Take): Promise<readonly WaitingRow[]> {
    const named = new Set(take.rows)
    const last = take.rows.at(-1) ?? Number.POSITIVE_INFINITY
    const held = new Set(take.documents)
    const waiting: WaitingRow[] = []
    for (const [key, bytes] of await this.#rowsOfEntities(take)) {
      const record = decodeRow(bytes)
      if (!record.ok || record.value.kind !== 'local') continue
      waiting.push({ row: numberOf(partsOf(key)[3] ?? ''), document: documentOf(key), record: record.value })
    }
    const refused = waiting.filter(({ row }) => named.has(row))
    const branch = refused.reduce((most, { record }) => Math.max(most, record.branch), 0)
    // What was made after an earlier rebuild does not build on what is taken now.
    const older = waiting.filter(({ record }) => record.branch <= branch)
    const since = older.filter(({ row, document }) => held.has(document) && row > last)
    return closureOf(older, new Set([...refused, ...since].map(({ row }) => row)))
  }

  /** A transaction never reaches beyond one entity, so nor does what came since. */
  async #rowsOfEntities({ space, documents }: Take): Promise<readonly (readonly [string, Uint8Array])[]> {
    const ranges = new Map<string, KeyRange>()
    for (const document of documents) {
      const { collection, entity } = parseDocumentKey(document)
      ranges.set(`${collection}/${entity}`, underEntity('row', space, collection, entity))
    }
    const rows: (readonly [string, Uint8Array])[] = []
    for (const range of ranges.values()) rows.push(...(await this.#deps.store.scan(range)))
    return rows
  }

  async #rebuild(take: Take, rows: readonly WaitingRow[]): Promise<readonly Rebuilt[]> {
    const taken = new Set(rows.map(({ row }) => row))
    const branch = rows.reduce((most, { record }) => Math.max(most, record.branch), 0) + 1
    const byEntity = new Map<string, DocumentKey[]>()
    for (const document of documentsIn(take, rows)) {
      const { collection, entity } = parseDocumentKey(document)
      const name = `${collection}/${entity}`
      byEntity.set(name, [...(byEntity.get(name) ?? []), document])
    }
    const rebuilt: Rebuilt[] = []
    for (const documents of byEntity.values())
      rebuilt.push(await this.#deps.entities.rebuild(take.space, documents, taken, branch))
    return rebuilt
  }
}

const documentsIn = (take: Take, rows: readonly WaitingRow[]): ReadonlySet<DocumentKey> =>
  new Set([...take.documents, ...rows.map(({ document }) => document)])

function byWriter(rows: readonly WaitingRow[]): Map<WriterId, number[]> {
  const transactions = new Map<WriterId, number[]>()
  for (const { record } of rows) {
    const numbers = transactions.get(record.writer) ?? []
    transactions.set(record.writer, numbers)
    numbers.push(...eachNumber(transactionsOf(record)))
  }
  return transactions
}
