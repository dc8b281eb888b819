import { eachNumber, parseDocumentKey } from '@rejoin/base'
import type { Clock, DocumentKey, ErrorKind, SpaceId, WriterId } from '@rejoin/base'
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
import type { LocalRow } from '../replica/row.ts'
import type { Views } from '../views/views.ts'
import { closureOf } from './closure.ts'
import type { WaitingRow } from './closure.ts'
import type { Losses } from './losses.ts'
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
  /** What an unanswered entry knows of the row, if it holds it. */
  readonly standInFor: (space: SpaceId, document: DocumentKey, row: number) => LocalRow | undefined
  readonly losses: Losses
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
    const { rows, lost } = await this.#rows(take, batch)
    const rebuilt = await this.#rebuild(take, rows)
    const { space, error: kind, message } = take
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
    this.#deps.losses.add(lost)
    this.#deps.quarantined(rows.reduce((sum, { record }) => sum + record.writes.length, 0))
    this.#deps.taken(
      take,
      rows.map(({ row }) => row),
    )
    for (const { live } of rebuilt) if (live !== undefined) entities.changed(live)
  }

  /** The rows of the closure, and those that came since and build on it. Damaged ones in no entry are lost. */
  async #rows(
    take: Take,
    batch: BatchBuilder,
  ): Promise<{ readonly rows: readonly WaitingRow[]; readonly lost: readonly string[] }> {
    const named = new Set(take.rows)
    const last = take.rows.at(-1) ?? Number.POSITIVE_INFINITY
    const held = new Set(take.documents)
    const waiting: WaitingRow[] = []
    const lost: string[] = []
    for (const [key, bytes] of await this.#rowsOfEntities(take)) {
      const record = decodeRow(bytes)
      const document = documentOf(key)
      const row = numberOf(partsOf(key)[3] ?? '')
      if (record.ok && record.value.kind === 'local') waiting.push({ row, document, record: record.value })
      if (record.ok || !held.has(document) || !(named.has(row) || row > last)) continue
      // One that does not wait is the server's too, and is seen to where the entity is read.
      const [pointer] = await this.#deps.store.get([keys.waiting(row)])
      if (pointer === undefined) continue
      const standIn = this.#deps.standInFor(take.space, document, row)
      if (standIn !== undefined) waiting.push({ row, document, record: standIn })
      else {
        this.#deps.losses.write(batch, key, bytes)
        lost.push(key)
      }
    }
    const refused = waiting.filter(({ row }) => named.has(row))
    const branch = refused.reduce((most, { record }) => Math.max(most, record.branch), 0)
    // What was made after an earlier rebuild does not build on what is taken now.
    const older = waiting.filter(({ record }) => record.branch <= branch)
    const since = older.filter(({ row, document }) => held.has(document) && row > last)
    return { rows: closureOf(older, new Set([...refused, ...since].map(({ row }) => row))), lost }
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
