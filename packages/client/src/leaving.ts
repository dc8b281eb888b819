import type { Clock, DocumentKey, ErrorKind, SpaceId, WriterId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import type { SpaceState } from './downstream/space-state.ts'
import type { ReplicaEngines } from './engines.ts'
import type { Authors } from './live/authors.ts'
import type { Entities } from './live/entities.ts'
import { decodeBase, emptyBase } from './replica/base-record.ts'
import type { Base } from './replica/base-record.ts'
import { BatchBuilder } from './replica/committer.ts'
import type { Committer } from './replica/committer.ts'
import { setAside } from './replica/damage.ts'
import { keys, numberOf, partsOf, under } from './replica/keys.ts'
import { documentOf } from './replica/reading.ts'
import type { StoredDocument } from './replica/reading.ts'
import { decodeRow, nameOf } from './replica/row.ts'
import type { LocalRow } from './replica/row.ts'
import { decodeSealed } from './replica/sealed-record.ts'
import { decodeWaiting } from './replica/waiting-record.ts'
import type { WaitingRow } from './upstream/closure.ts'
import { entityOf, putInQuarantine } from './upstream/keeping.ts'
import type { Losses } from './upstream/losses.ts'
import type { OwnWriters } from './upstream/own-writers.ts'
import type { ReceiptBook } from './upstream/receipt-book.ts'
import type { Reason } from './upstream/refusal.ts'
import { torn, writesIn } from './upstream/taken.ts'
import type { TakenWrite } from './upstream/taken.ts'
import type { DisputeBook } from './views/dispute-book.ts'
import type { Views } from './views/views.ts'

export interface LeavingDeps {
  readonly clock: Clock
  readonly store: Store
  readonly engines: ReplicaEngines
  readonly committer: Committer
  readonly entities: Entities
  readonly views: Views
  readonly disputes: DisputeBook
  readonly authors: Authors
  readonly book: ReceiptBook
  readonly writers: OwnWriters
  /** Nothing more is to be heard or said of the space. */
  readonly silence: (space: SpaceState) => void
  /** It could not be left: everything is as before. */
  readonly stayed: (space: SpaceState) => void
  /** Nothing of it is here any more. */
  readonly left: (space: SpaceState) => void
  readonly rejected: (writer: WriterId, transactions: readonly number[], reason: Reason) => void
  readonly quarantined: (writes: number) => void
  /** What an unanswered entry knows of the row, if it holds it. */
  readonly standInFor: (space: SpaceId, document: DocumentKey, row: number) => LocalRow | undefined
  readonly losses: Losses
}

const kind: ErrorKind = 'not-found'
const message = 'The space was left before the server had this write.'

/** Drops the local copies of a space in one store transaction, and keeps in quarantine what the server has not got. */
export class Leaving {
  readonly #deps: LeavingDeps

  constructor(deps: LeavingDeps) {
    this.#deps = deps
  }

  /** Returns how many writes went to quarantine. If the store refuses, it rejects, and the space stays. */
  async leave(state: SpaceState): Promise<number> {
    const { committer, entities, silence, stayed } = this.#deps
    entities.setGone(state.space, true)
    silence(state)
    try {
      return await committer.exclusiveWrite(() => this.#drop(state))
    } catch (cause) {
      entities.setGone(state.space, false)
      stayed(state)
      throw cause
    }
  }

  async #drop(state: SpaceState): Promise<number> {
    // What is contributed from now on finds the space left, and writes nothing of it.
    state.left = true
    try {
      return await this.#dropAll(state)
    } catch (cause) {
      // Before the turn ends: what is contributed next must not take it for left in its beginning and joined in its end.
      state.left = false
      throw cause
    }
  }

  async #dropAll(state: SpaceState): Promise<number> {
    const { space } = state
    const { committer, book, rejected, entities, views, disputes, authors, left } = this.#deps
    const batch = new BatchBuilder()
    const { writes, lost } = await this.#clear(space, batch)
    const names = writes.map(({ record, write }) => nameOf(record, write)).filter(({ transaction }) => transaction > 0)
    for (const { writer, transaction } of names) book.rejected(batch, writer, [transaction])
    await committer.apply(batch)
    left(state)
    entities.drop(space)
    views.drop(space)
    disputes.drop(space)
    authors.drop(space)
    for (const { writer, transaction } of names) rejected(writer, [transaction], { kind, message })
    this.#deps.losses.add(lost)
    this.#deps.quarantined(writes.length)
    return writes.length
  }

  async #clear(
    space: SpaceId,
    batch: BatchBuilder,
  ): Promise<{ readonly writes: readonly TakenWrite[]; readonly lost: readonly string[] }> {
    const { store, clock, writers, engines, losses } = this.#deps
    const lost: string[] = []
    const waiting: WaitingRow[] = []
    const stored = new Map<DocumentKey, { base: Base; rows: StoredDocument['rows'][number][] }>()
    for (const [key, bytes] of await store.scan(under('base', space))) {
      const base = decodeBase(bytes)
      if (base.ok) stored.set(documentOf(key), { base: base.value, rows: [] })
      batch.remove(key)
    }
    for (const [key, bytes] of await store.scan(under('row', space))) {
      const row = decodeRow(bytes)
      const number = numberOf(partsOf(key)[3] ?? '')
      const document = documentOf(key)
      const local = row.ok ? row.value : this.#deps.standInFor(space, document, number)
      batch.remove(keys.waiting(number))
      if (local === undefined) {
        if (await this.#setAside(batch, key, bytes)) lost.push(key)
        continue
      }
      batch.remove(key)
      const found = stored.get(document) ?? { base: emptyBase, rows: [] }
      stored.set(document, found)
      found.rows.push({ row: number, key, value: local })
      if (local.kind === 'local') waiting.push({ row: number, document, record: local })
    }
    const sent = await this.#clearEntries(space, batch)
    const entities = new Set(lost.map((key) => entityOf(documentOf(key))))
    const isTorn = (document: DocumentKey): boolean =>
      entities.has(entityOf(document)) || losses.touches(space, document)
    const writes = writesIn(engines, stored, waiting).map((each) => (isTorn(each.document) ? torn(each) : each))
    putInQuarantine(batch, space, writes, {
      at: clock.now(),
      reasonOf: () => ({ kind, message }),
      isUnanswered: (row) => sent.has(row),
    })
    for (const table of ['view', 'dispute', 'author'])
      for (const [key] of await store.scan(under(table, space))) batch.remove(key)
    for (const [key, bytes] of await store.scan(under('waiting'))) {
      const place = decodeWaiting(bytes)
      if (place.ok ? partsOf(place.value)[1] === space : await this.#isToLost(space, key)) batch.remove(key)
    }
    batch.remove(keys.space(space))
    // Joined again, it is read from the beginning, and our own entries with it.
    writers.forgetAnswers(space)
    writers.write(batch, space)
    return { writes, lost }
  }

  /** Returns the rows that may have been sent. */
  async #clearEntries(space: SpaceId, batch: BatchBuilder): Promise<ReadonlySet<number>> {
    const sent = new Set<number>()
    for (const [key, bytes] of await this.#deps.store.scan(under('entry'))) {
      if (partsOf(key)[2] !== space) continue
      batch.remove(key)
      const sealed = decodeSealed(bytes)
      if (sealed.ok) for (const row of sealed.value.info.rows) sent.add(row)
    }
    return sent
  }

  /** Whether the pointer, which is damaged, is to a row of the space that was given up. */
  async #isToLost(space: SpaceId, pointer: string): Promise<boolean> {
    const lost = await this.#deps.store.scan(under('lost|row', space))
    return lost.some(([key]) => partsOf(key).at(-1) === partsOf(pointer)[1])
  }

  /** Whether the damaged row waited, so that what it held is nowhere else. */
  async #setAside(batch: BatchBuilder, key: string, bytes: Uint8Array): Promise<boolean> {
    const [pointer] = await this.#deps.store.get([keys.waiting(numberOf(partsOf(key)[3] ?? ''))])
    const isLost = pointer !== undefined
    if (isLost) this.#deps.losses.write(batch, key, bytes)
    else setAside(batch, key, bytes)
    return isLost
  }
}
