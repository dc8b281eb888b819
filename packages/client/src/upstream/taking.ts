import { parseDocumentKey } from '@rejoin/base'
import type { Clock, DocumentKey, EntryId, Intervals, Log, SpaceId, UserId, WriterId } from '@rejoin/base'
import type { RowInfo } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import type { ReplicaEngines } from '../engines.ts'
import type { Entities, Rebuilt, Stored } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import { encodeBase } from '../replica/base-record.ts'
import { BatchBuilder } from '../replica/committer.ts'
import type { Committer } from '../replica/committer.ts'
import { keys, numberOf, partsOf, underEntity } from '../replica/keys.ts'
import type { Counters } from '../replica/meta.ts'
import { documentOf } from '../replica/reading.ts'
import { decodeRow, nameOf } from '../replica/row.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { Views } from '../views/views.ts'
import { closureOf } from './closure.ts'
import type { WaitingRow } from './closure.ts'
import { changeQuarantine, entityOf, putInQuarantine, readQuarantine } from './keeping.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'
import { Refusal } from './refusal.ts'
import type { Reason, Take } from './refusal.ts'
import { Remaker } from './remaker.ts'
import { remake } from './remaking.ts'
import type { Remade } from './remaking.ts'
import { torn, transactionsIn, writesIn } from './taken.ts'
import type { RowMaker } from './writing.ts'

export interface TakingDeps {
  readonly clock: Clock
  readonly store: Store
  readonly committer: Committer
  readonly engines: ReplicaEngines
  readonly entities: Entities
  readonly views: Views
  readonly writers: OwnWriters
  readonly principal: UserId
  readonly counters: Counters
  readonly book: ReceiptBook
  readonly log: Log
  /** The entries, as far as they await their answer. */
  readonly sealed: (space: SpaceId, ids: readonly EntryId[]) => readonly SealedRecord[]
  /** A row of the document's entity was lost: what was in a transaction with it is there in part. */
  readonly isTorn: (space: SpaceId, document: DocumentKey) => boolean
  /** The number of one more transaction. */
  readonly nextTransaction: () => number
  /** The CRDT client ids of the writer that sealed the entry are another's: from now on it is to write under others. */
  readonly renew: (take: Take) => void
  readonly rowMaker: (batch: BatchBuilder) => RowMaker
  readonly rejected: (writer: WriterId, transactions: readonly number[], reason: Reason) => void
  readonly resolved: (writer: WriterId, transactions: Intervals) => void
  /** So many more writes are in quarantine. */
  readonly quarantined: (writes: number) => void
  /** What is in memory only was edited on documents that are no more. */
  readonly rebase: (live: LiveEntity, stored: Stored, remaker: Remaker) => void
  /** The closure is in quarantine or made again, durably. */
  readonly taken: (take: Take, rows: readonly number[], made: readonly RowInfo[]) => void
}

/** What becomes of an entity of which something was taken. */
interface Outcome extends Remade {
  readonly rebuilt: Rebuilt
  readonly remaker: Remaker | undefined
}

/**
 * Takes the closure of a refused entry out of the documents and builds them anew, from what is on disk: no network
 * is needed. What stands alone without the refused entry is made again, and the rest is kept in quarantine, in one
 * store transaction.
 */
export class Taking {
  readonly #deps: TakingDeps
  /** Entities in which making again has failed: broken code must not keep a refusal from being dealt with. */
  readonly #broken = new Set<string>()

  constructor(deps: TakingDeps) {
    this.#deps = deps
  }

  take(take: Take): void {
    this.#deps.committer.insist('quarantine', () => this.#move(take))
  }

  async #move(take: Take): Promise<void> {
    if (take.error === 'client-id-taken') this.#deps.renew(take)
    const rows = await this.#rows(take)
    const rebuilt = await this.#rebuild(take, rows)
    try {
      await this.#settle(take, rows, rebuilt)
    } catch (cause) {
      for (const { drop } of rebuilt) drop()
      throw cause
    }
  }

  async #settle(take: Take, rows: readonly WaitingRow[], rebuilt: readonly Rebuilt[]): Promise<void> {
    const { committer, store, clock, counters, book, rowMaker, views } = this.#deps
    const { space } = take
    const refusal = new Refusal(take, this.#deps.sealed(space, take.entries), this.#isOver(take))
    const outcomes = rebuilt.map((each) => this.#remake(take, refusal, each, rows))
    const batch = new BatchBuilder()
    this.#remove(batch, take, rows)
    for (const document of documentsIn(take, rows)) views.touch(batch, space, document)
    for (const { rebuilt: one, remaker, left, idle } of outcomes) {
      for (const [document, base] of one.bases) batch.put(keys.base(space, document), encodeBase(base))
      const reasonOf = (row: number): Reason => refusal.reasonOf(row)
      putInQuarantine(batch, space, left, { at: clock.now(), reasonOf, remaker })
      if (remaker?.isIdle === false) {
        const kept = await readQuarantine(store)
        changeQuarantine(batch, kept, new Set(), { space, entity: one.entity, remaker })
      }
      for (const { record, write } of left) {
        const { writer, transaction } = nameOf(record, write)
        if (transaction > 0) book.rejected(batch, writer, [transaction])
      }
      for (const { writer, transaction } of idle) book.stored(batch, writer, [transaction, transaction])
    }
    const maker = rowMaker(batch)
    for (const { made } of outcomes) for (const transaction of made) maker.add(transaction)
    const made = maker.finish(batch)
    counters.write(batch)
    await committer.apply(batch)
    this.#settled(take, refusal, rows, outcomes, made)
  }

  #settled(
    take: Take,
    refusal: Refusal,
    rows: readonly WaitingRow[],
    outcomes: readonly Outcome[],
    made: readonly RowInfo[],
  ): void {
    const { rejected, resolved, quarantined, rebase, entities, taken, counters, log } = this.#deps
    for (const { rebuilt, remaker } of outcomes) {
      rebuilt.swap()
      const { live, stored } = rebuilt
      if (live !== undefined)
        rebase(live, stored, remaker ?? new Remaker(live.entity, (stamp) => counters.isAhead(stamp)))
    }
    const left = outcomes.flatMap((outcome) => outcome.left)
    for (const { row, record, write } of left) {
      const { writer, transaction } = nameOf(record, write)
      rejected(writer, [transaction], refusal.reasonOf(row))
    }
    for (const { writer, transaction } of outcomes.flatMap(({ idle }) => idle))
      resolved(writer, [transaction, transaction])
    quarantined(left.length)
    const remade = outcomes.reduce((sum, outcome) => sum + outcome.made.length, 0)
    log('info', 'refusal.settled', { kind: take.error, remade, kept: left.length })
    taken(
      take,
      rows.map(({ row }) => row),
      made,
    )
    for (const { rebuilt } of outcomes) if (rebuilt.live !== undefined) entities.changed(rebuilt.live)
  }

  #remake(take: Take, refusal: Refusal, rebuilt: Rebuilt, rows: readonly WaitingRow[]): Outcome {
    const { engines, writers, counters, nextTransaction, isTorn, principal, log } = this.#deps
    const { fresh, branch, stored, entity } = rebuilt
    const own = rows.filter(({ document }) => entityOf(document) === entity)
    const writes = writesIn(engines, stored, own)
    const isWhole = own.every(({ document }) => !isTorn(take.space, document))
    if (fresh === undefined || !isWhole || this.#broken.has(`${take.space}|${entity}`))
      return { rebuilt, remaker: undefined, made: [], idle: [], left: isWhole ? writes : writes.map(torn) }
    const remaker = new Remaker(fresh.entity, (stamp) => counters.isAhead(stamp))
    try {
      const remade = remake(
        transactionsIn(writes),
        { ...fresh, branch, remaker },
        {
          originOf: (transaction) => refusal.originOf(transaction, principal),
          clientIds: ({ record }) => writers.clientIds(record.writer),
          nextTransaction,
        },
      )
      return { rebuilt, remaker, ...remade }
    } catch (cause) {
      this.#broken.add(`${take.space}|${entity}`)
      log('error', 'remaking.failed', { entity, reason: String(cause) })
      throw cause
    }
  }

  /** Whether what was refused for this reason is taken when it is made again now. */
  #isOver({ error }: Take): boolean {
    return error === 'client-id-taken' || (error === 'clock' && this.#deps.counters.isRight)
  }

  #remove(batch: BatchBuilder, take: Take, rows: readonly WaitingRow[]): void {
    const { space } = take
    // Those that were given up have nothing but this.
    for (const row of take.rows) batch.remove(keys.waiting(row))
    for (const { row, document } of rows) {
      batch.remove(keys.row(space, document, row))
      batch.remove(keys.waiting(row))
    }
    for (const id of take.entries) {
      batch.remove(keys.entry(id.writer, space, id.n))
      this.#deps.writers.answered(batch, space, id)
    }
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
    const first = waiting.filter(({ row, document }) => named.has(row) || (held.has(document) && row > last))
    return closureOf(waiting, new Set(first.map(({ row }) => row)))
  }

  /** A transaction never reaches beyond one entity, so nor does what came since. */
  async #rowsOfEntities({ space, documents }: Take): Promise<readonly (readonly [string, Uint8Array])[]> {
    const rows: (readonly [string, Uint8Array])[] = []
    for (const [document] of Map.groupBy(documents, entityOf).values()) {
      const { collection, entity } = parseDocumentKey(document ?? '')
      rows.push(...(await this.#deps.store.scan(underEntity('row', space, collection, entity))))
    }
    return rows
  }

  async #rebuild(take: Take, rows: readonly WaitingRow[]): Promise<readonly Rebuilt[]> {
    const taken = new Set(rows.map(({ row }) => row))
    const branch = rows.reduce((most, { record }) => Math.max(most, record.branch), 0) + 1
    const rebuilt: Rebuilt[] = []
    for (const documents of Map.groupBy(documentsIn(take, rows), entityOf).values())
      rebuilt.push(await this.#deps.entities.rebuild(take.space, documents, taken, branch))
    return rebuilt
  }
}

const documentsIn = (take: Take, rows: readonly WaitingRow[]): ReadonlySet<DocumentKey> =>
  new Set([...take.documents, ...rows.map(({ document }) => document)])
