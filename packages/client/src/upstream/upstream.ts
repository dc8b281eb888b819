import { unreachable } from '@rejoin/base'
import type { DocumentKey, EntryId, Log, Random, SpaceId, Timers } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import type { Answer, Outbox, OutboxEffect, OutboxEvent, SealedInfo, SealPlan } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import type { ReplicaEngines } from '../engines.ts'
import type { Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { decodeRow, originsOf, transactionsOf, updatesOf } from '../replica/row.ts'
import type { LocalRow } from '../replica/row.ts'
import { encodeSealed, holds } from '../replica/sealed-record.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { AnswerWatch } from '../session/answer-watch.ts'
import type { Connection } from '../session/connection.ts'
import type { OwnWriters } from './own-writers.ts'
import { nameOf, Pusher } from './pusher.ts'

type WithoutMoment<E> = E extends unknown ? Omit<E, 'now' | 'random'> : never
export type OutboxNews = WithoutMoment<OutboxEvent>

export interface UpstreamDeps {
  /** Milliseconds that only go forward; delays are counted on it. */
  readonly elapsed: () => number
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly store: Store
  readonly committer: Committer
  readonly engines: ReplicaEngines
  readonly outbox: Outbox
  readonly writers: OwnWriters
  readonly connection: () => Connection | undefined
  /** Told what was asked of the server and what it answered. */
  readonly watch: AnswerWatch
  /** Something that is another after the space was left and joined again; undefined while it is not joined. */
  readonly lifeOf: (space: SpaceId) => object | undefined
  readonly pushBytesMax: number
  readonly pushEntriesMax: number
  /** Entries that the server has: settle their rows, durably, and their receipts. */
  readonly stored: (space: SpaceId, entries: readonly SealedRecord[]) => void
  /** A closure that the server refused. */
  readonly take: (effect: Extract<OutboxEffect, { kind: 'take' }>) => void
  /** Called after each step, when counts may have changed. */
  readonly changed: () => void
  /** A step threw, which is broken code: nothing more is decided, and the replica is to be closed. */
  readonly broken: (cause: unknown) => void
}

/** Carries out what the outbox decides: reads rows, squashes, stores, sends. */
export class Upstream {
  readonly #deps: UpstreamDeps
  readonly #pusher: Pusher
  /** Sealed entries whose answer is awaited; the same bytes are in the store. */
  readonly #sealed = new Map<string, SealedRecord>()
  /** The event of the step under way, and those that wait for it. */
  readonly #events: OutboxNews[] = []
  #cancelWake: (() => void) | undefined
  #closed = false

  constructor(deps: UpstreamDeps) {
    this.#deps = deps
    this.#pusher = new Pusher({
      ...deps,
      sealed: (space, id) => this.#sealed.get(nameOf(space, id)),
      refused: (space, id, answer) => this.answered(space, id, answer),
    })
  }

  /** Entries of an earlier open that still await their answer. */
  restore(records: readonly SealedRecord[]): void {
    for (const record of records) this.#sealed.set(nameOf(record.info.space, record.info.id), record)
  }

  /** What an effect brings about is another step, taken after it. */
  step(event: OutboxNews): void {
    if (this.#closed) return
    if (event.kind === 'answered-all') this.#heardOf(event)
    this.#events.push(event)
    if (this.#events.length > 1) return
    const { elapsed, random, outbox } = this.#deps
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      try {
        const effects = outbox.step({ ...next, now: elapsed(), random: random.float() } as OutboxEvent)
        for (const effect of effects) this.#carryOut(effect)
      } catch (cause) {
        this.close()
        this.#events.length = 0
        this.#deps.broken(cause)
        return
      }
      this.#events.shift()
    }
    this.#deps.changed()
  }

  /** These are answered for the watch, also those that are sent again in their turn, which may not be now. */
  #heardOf({ space, writer, numbers }: Extract<OutboxNews, { kind: 'answered-all' }>): void {
    const { watch } = this.#deps
    for (let i = 0; i + 1 < numbers.length; i += 2) {
      const [first = 0, last = 0] = numbers.slice(i, i + 2)
      if (last - first < this.#sealed.size)
        for (let n = first; n <= last; n++) watch.answered(nameOf(space, { writer, n }))
      else
        for (const { info } of this.#sealed.values())
          if (info.space === space && info.id.writer === writer && info.id.n >= first && info.id.n <= last)
            watch.answered(nameOf(space, info.id))
    }
  }

  /** Whether the entry was sealed here and awaits its answer. */
  awaits(space: SpaceId, id: EntryId): boolean {
    return this.#sealed.has(nameOf(space, id))
  }

  /** The entries that await their answer, of those named. */
  sealed(space: SpaceId, ids: readonly EntryId[]): readonly SealedRecord[] {
    return ids.flatMap((id) => this.#sealed.get(nameOf(space, id)) ?? [])
  }

  /** The unanswered entry that holds what the row did. */
  entryWith(space: SpaceId, document: DocumentKey, row: number): SealedRecord | undefined {
    for (const record of this.#sealed.values()) if (holds(record, space, document, row)) return record
    return undefined
  }

  answered(space: SpaceId, id: EntryId, answer: Answer): void {
    this.#deps.watch.answered(nameOf(space, id))
    this.step({ kind: 'answered', space, id, answer })
  }

  forget(space: SpaceId, ids: readonly EntryId[]): void {
    for (const id of ids) {
      this.#sealed.delete(nameOf(space, id))
      this.#deps.watch.answered(nameOf(space, id))
    }
  }

  /** The space was left: nothing of it is awaited any more. */
  forgetSpace(space: SpaceId): void {
    this.forget(
      space,
      [...this.#sealed.values()].filter(({ info }) => info.space === space).map(({ info }) => info.id),
    )
    this.step({ kind: 'left', space })
  }

  close(): void {
    this.#closed = true
    this.#cancelWake?.()
  }

  #carryOut(effect: OutboxEffect): void {
    switch (effect.kind) {
      case 'seal':
        void this.#seal(effect.plan)
        return
      case 'send':
        this.#pusher.send(effect.space, effect.ids)
        return
      case 'ask':
        this.#pusher.ask(effect.space, effect.ids)
        return
      case 'stored':
        this.#stored(effect.space, effect.entries)
        return
      case 'take':
        this.#deps.take(effect)
        return
      case 'wake':
        this.#wake(effect.at)
        return
      default:
        unreachable(effect)
    }
  }

  async #seal(plan: SealPlan): Promise<void> {
    const { committer, engines, writers, lifeOf } = this.#deps
    const life = lifeOf(plan.space)
    const records: SealedRecord[] = []
    try {
      for (const entry of plan.entries) {
        const rows = (await this.#rows(plan.space, entry)) ?? []
        const updates = rows.flatMap(updatesOf)
        const update = engines.squash(updates) ?? noBytes(updates[0])
        const info: SealedInfo = { ...entry, space: plan.space, bytes: update.bytes.length, sent: false }
        const author = rows[0]?.writer ?? entry.id.writer
        const transactions = rows.map(transactionsOf)
        records.push({ kind: 'update', info, author, transactions, remade: rows.flatMap(originsOf), update })
      }
    } catch (cause) {
      this.#deps.log('error', 'outbox.seal-failed', { reason: String(cause) })
      this.step({ kind: 'seal-failed', plan })
      return
    }
    if (this.#closed) return
    committer.contribute({
      write: (batch) => {
        if (life === undefined || lifeOf(plan.space) !== life) return
        for (const record of records) {
          const { id } = record.info
          batch.put(keys.entry(id.writer, plan.space, id.n), encodeSealed(record))
          writers.sealed(batch, plan.space, id)
        }
      },
      durable: () => {
        if (life === undefined || lifeOf(plan.space) !== life) return
        for (const record of records) this.#sealed.set(nameOf(plan.space, record.info.id), record)
        this.step({ kind: 'sealed', plan, sizes: records.map((record) => record.info.bytes) })
      },
    })
  }

  /** Undefined if any of them is missing or damaged. */
  async #rows(space: SpaceId, entry: SealPlan['entries'][number]): Promise<readonly LocalRow[] | undefined> {
    const found = await this.#deps.store.get(entry.rows.map((row) => keys.row(space, entry.document, row)))
    const rows: LocalRow[] = []
    for (const bytes of found) {
      const row = bytes === undefined ? undefined : decodeRow(bytes)
      if (row?.ok !== true || row.value.kind !== 'local') return undefined
      rows.push(row.value)
    }
    return rows
  }

  #stored(space: SpaceId, entries: readonly SealedInfo[]): void {
    const records: SealedRecord[] = []
    for (const { id } of entries) {
      const name = nameOf(space, id)
      const record = this.#sealed.get(name)
      if (record === undefined) continue
      this.#sealed.delete(name)
      this.#deps.watch.answered(name)
      records.push(record)
    }
    this.#deps.stored(space, records)
  }

  #wake(at: number | undefined): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    if (at === undefined) return
    const { timers, elapsed } = this.#deps
    this.#cancelWake = timers.after(Math.max(0, Math.ceil(at - elapsed())), () => {
      this.#cancelWake = undefined
      this.step({ kind: 'due' })
    })
  }
}

/**
 * If the rows are damaged, or there is no engine for them: it must not hold up what else is to be sealed, and is refused
 * when its turn comes.
 */
const noBytes = (instead: Update | undefined): Update => ({
  encoding: instead?.encoding ?? 'yjs-1',
  bytes: new Uint8Array(0),
})
