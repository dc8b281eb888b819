import { parseDocumentKey, unreachable } from '@rejoin/base'
import type { EntryId, Log, Random, SpaceId, Timers, WriterId } from '@rejoin/base'
import type { Engine, Update } from '@rejoin/documents'
import type { Answer, Outbox, OutboxEffect, OutboxEvent, SealedInfo, SealPlan } from '@rejoin/outbox'
import { splitIntervals } from '@rejoin/protocol'
import type { Limits, PushEntry, PushFrame } from '@rejoin/protocol'
import type { Store } from '@rejoin/storage'
import type { Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { decodeRow } from '../replica/row.ts'
import type { LocalRow } from '../replica/row.ts'
import { encodeSealed } from '../replica/sealed-record.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { AnswerWatch } from '../session/answer-watch.ts'
import type { Connection } from '../session/connection.ts'
import type { OwnWriters } from './own-writers.ts'

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
  readonly engine: Engine
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
}

/** A push frame under construction. */
interface Draft {
  readonly writer: number
  readonly entries: PushEntry[]
  bytes: number
}

/** Carries out what the outbox decides: reads rows, squashes, stores, sends. */
export class Upstream {
  readonly #deps: UpstreamDeps
  /** Sealed entries whose answer is awaited; the same bytes are in the store. */
  readonly #sealed = new Map<string, SealedRecord>()
  /** The event of the step under way, and those that wait for it. */
  readonly #events: OutboxNews[] = []
  #cancelWake: (() => void) | undefined
  #closed = false

  constructor(deps: UpstreamDeps) {
    this.#deps = deps
  }

  /** Entries of an earlier open that still await their answer. */
  restore(records: readonly SealedRecord[]): void {
    for (const record of records) this.#sealed.set(nameOf(record.info.space, record.info.id), record)
  }

  /** What an effect brings about is another step, taken after it. */
  step(event: OutboxNews): void {
    if (this.#closed) return
    this.#events.push(event)
    if (this.#events.length > 1) return
    const { elapsed, random, outbox } = this.#deps
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      try {
        const effects = outbox.step({ ...next, now: elapsed(), random: random.float() } as OutboxEvent)
        for (const effect of effects) this.#carryOut(effect)
      } finally {
        this.#events.shift()
      }
    }
    this.#deps.changed()
  }

  /** Whether the entry was sealed here and awaits its answer. */
  awaits(space: SpaceId, id: EntryId): boolean {
    return this.#sealed.has(nameOf(space, id))
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
    this.forget(space, [...this.#sealed.values()].filter(({ info }) => info.space === space).map(({ info }) => info.id))
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
        this.#send(effect.space, effect.ids)
        return
      case 'ask':
        this.#ask(effect.space, effect.ids)
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
    const { committer, engine, writers, lifeOf } = this.#deps
    const life = lifeOf(plan.space)
    const records: SealedRecord[] = []
    try {
      for (const entry of plan.entries) {
        const rows = await this.#rows(plan.space, entry)
        const update = squash(engine, rows ?? [])
        const info: SealedInfo = { ...entry, space: plan.space, bytes: update.bytes.length, sent: false }
        records.push({ kind: 'update', info, author: rows?.[0]?.writer ?? entry.id.writer, update })
      }
    } catch (cause) {
      this.#deps.log('error', 'outbox.seal-failed', { reason: String(cause) })
      this.step({ kind: 'seal-failed', plan })
      return
    }
    if (this.#closed) return
    committer.contribute({
      write: (batch) => {
        if (lifeOf(plan.space) !== life) return
        for (const record of records) {
          const { id } = record.info
          batch.put(keys.entry(id.writer, plan.space, id.n), encodeSealed(record))
          writers.sealed(batch, plan.space, id)
        }
      },
      durable: () => {
        if (lifeOf(plan.space) !== life) return
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

  #send(space: SpaceId, ids: readonly EntryId[]): void {
    const connection = this.#deps.connection()
    if (connection === undefined) return
    let frame: Draft | undefined
    const refused = this.#refuse(connection, space, ids)
    for (const id of ids) {
      const record = this.#sealed.get(nameOf(space, id))
      if (record === undefined || refused.has(record.info.group === 0 ? id.n : record.info.group)) continue
      this.#deps.watch.asked(nameOf(space, id))
      // Declares whose client ids are in the bytes, if the rows were made by an earlier writer.
      if (record.author !== id.writer) this.#writerSlot(connection, space, record.author)
      const writer = this.#writerSlot(connection, space, id.writer)
      const entry = this.#pushEntry(connection, record)
      if (frame !== undefined && !this.#fits(frame, writer, entry, connection.limits)) {
        connection.send(pushOf(frame))
        frame = undefined
      }
      frame ??= { writer, entries: [], bytes: 0 }
      frame.entries.push(entry)
      frame.bytes += entry.bytes.length
    }
    if (frame !== undefined) connection.send(pushOf(frame))
  }

  /** What no server takes is not sent, nor is its group. Returns the numbers of these entries, or of their groups. */
  #refuse(connection: Connection, space: SpaceId, ids: readonly EntryId[]): ReadonlySet<number> {
    const refused = new Set<number>()
    for (const id of ids) {
      const record = this.#sealed.get(nameOf(space, id))
      const answer = record === undefined ? undefined : refusalOf(record, connection.limits)
      if (record === undefined || answer === undefined) continue
      refused.add(record.info.group === 0 ? id.n : record.info.group)
      this.answered(space, id, answer)
    }
    return refused
  }

  /** A frame is of one writer, its numbers ascend, and it has limits. */
  #fits(frame: Draft, writer: number, entry: PushEntry, { entriesPerFrameMax, frameBytesMax }: Limits): boolean {
    const { pushBytesMax, pushEntriesMax } = this.#deps
    const ascends = (frame.entries.at(-1)?.n ?? 0) < entry.n
    const bytes = frame.bytes + entry.bytes.length
    const isSmall = frame.entries.length < Math.min(pushEntriesMax, entriesPerFrameMax) && bytes <= Math.min(pushBytesMax, frameBytesMax / 2)
    return frame.writer === writer && ascends && isSmall
  }

  #pushEntry(connection: Connection, record: SealedRecord): PushEntry {
    const { info, update } = record
    const after = info.after === undefined ? undefined : { writer: this.#writerSlot(connection, info.space, info.after.writer), n: info.after.n }
    return {
      n: info.id.n,
      kind: record.kind,
      document: connection.documentSlot(parseDocumentKey(info.document), info.generation),
      after,
      group: info.group,
      groupSize: info.groupSize,
      stamp: info.stamp,
      encoding: update.encoding,
      bytes: update.bytes,
    }
  }

  #writerSlot(connection: Connection, space: SpaceId, writer: WriterId): number {
    return connection.writerSlot(space, writer, this.#deps.writers.clientIds(writer))
  }

  #ask(space: SpaceId, ids: readonly EntryId[]): void {
    const connection = this.#deps.connection()
    if (connection === undefined) return
    for (const id of ids) this.#deps.watch.asked(nameOf(space, id))
    for (const [writer, numbers] of byWriter(ids))
      for (const intervals of splitIntervals(numbers, connection.limits.intervalsMax))
        connection.send({ kind: 'ask', writer: this.#writerSlot(connection, space, writer), intervals })
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

const noUpdate: Update = { encoding: 'yjs-1', bytes: new Uint8Array(0) }

/** No bytes if the rows are damaged: it must not hold up what else is to be sealed, and is refused when its turn comes. */
function squash(engine: Engine, rows: readonly LocalRow[]): Update {
  if (rows.length === 0) return noUpdate
  try {
    return engine.squash(rows.flatMap((row) => row.writes.map((write) => write.update)))
  } catch {
    return noUpdate
  }
}

function refusalOf({ update }: SealedRecord, { entryBytesMax }: Limits): Answer | undefined {
  const size = update.bytes.length
  if (size === 0) return { kind: 'reject', error: 'storage-corrupt', message: 'The bytes of this write are damaged on this device.' }
  if (size <= entryBytesMax) return undefined
  return { kind: 'reject', error: 'too-large', message: `One transaction wrote ${size} bytes into a document; the server takes ${entryBytesMax} (entryBytesMax).` }
}

const pushOf = ({ writer, entries }: Draft): PushFrame => ({ kind: 'push', writer, entries })

const nameOf = (space: SpaceId, id: EntryId): string => `${space}|${id.writer}|${id.n}`

function byWriter(ids: readonly EntryId[]): Map<WriterId, number[]> {
  const numbers = new Map<WriterId, number[]>()
  for (const { writer, n } of [...ids].sort((a, b) => a.n - b.n)) {
    const runs = numbers.get(writer) ?? []
    numbers.set(writer, runs)
    if (runs.at(-1) === n - 1) runs[runs.length - 1] = n
    else runs.push(n, n)
  }
  return numbers
}

