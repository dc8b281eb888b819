import { parseDocumentKey } from '@rejoin/base'
import type { EntryId, ErrorKind, SpaceId, WriterId } from '@rejoin/base'
import type { Answer } from '@rejoin/outbox'
import { splitIntervals } from '@rejoin/protocol'
import type { Limits, PushEntry, PushFrame } from '@rejoin/protocol'
import type { ReplicaEngines } from '../engines.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { AnswerWatch } from '../session/answer-watch.ts'
import type { Connection } from '../session/connection.ts'
import type { OwnWriters } from './own-writers.ts'

export interface PusherDeps {
  readonly engines: ReplicaEngines
  readonly writers: OwnWriters
  readonly connection: () => Connection | undefined
  /** Told what was asked of the server. */
  readonly watch: AnswerWatch
  readonly pushBytesMax: number
  readonly pushEntriesMax: number
  /** The sealed entry, unless it was answered or left meanwhile. */
  readonly sealed: (space: SpaceId, id: EntryId) => SealedRecord | undefined
  /** An answer that needs no server. */
  readonly refused: (space: SpaceId, id: EntryId, answer: Answer) => void
}

/** A push frame under construction. */
interface Draft {
  readonly writer: number
  readonly entries: PushEntry[]
  bytes: number
}

/** Puts sealed entries, and questions about them, into frames. */
export class Pusher {
  readonly #deps: PusherDeps
  /** Entries that wait until the connection is idle, to go in few frames. */
  readonly #held = new Map<SpaceId, EntryId[]>()
  #heldFor: Connection | undefined
  #sending = false

  constructor(deps: PusherDeps) {
    this.#deps = deps
  }

  send(space: SpaceId, ids: readonly EntryId[]): void {
    const connection = this.#deps.connection()
    if (connection === undefined) return
    if (this.#heldFor !== connection) this.#held.clear()
    const isFirst = this.#held.size === 0 && !this.#sending
    this.#heldFor = connection
    const held = this.#held.get(space) ?? []
    this.#held.set(space, held)
    for (const id of ids) held.push(id)
    if (isFirst) connection.whenIdle(() => this.#sendHeld(connection))
  }

  #sendHeld(connection: Connection): void {
    if (this.#heldFor !== connection || this.#sending) return
    this.#sending = true
    // A refusal among them may free others, which go behind.
    for (let next = firstOf(this.#held); next !== undefined; next = firstOf(this.#held)) {
      const [space, ids] = next
      this.#held.delete(space)
      const records = ids.flatMap((id) => this.#deps.sealed(space, id) ?? [])
      this.#push(connection, space, records)
    }
    this.#sending = false
  }

  #push(connection: Connection, space: SpaceId, records: readonly SealedRecord[]): void {
    let frame: Draft | undefined
    const refused = this.#refuse(connection, space, records)
    for (const record of records) {
      const { id } = record.info
      if (refused.has(unitOf(record))) continue
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

  ask(space: SpaceId, ids: readonly EntryId[]): void {
    const connection = this.#deps.connection()
    if (connection === undefined) return
    this.#sendHeld(connection)
    for (const id of ids) this.#deps.watch.asked(nameOf(space, id))
    for (const [writer, numbers] of byWriter(ids))
      for (const intervals of splitIntervals(numbers, connection.limits.intervalsMax))
        connection.send({ kind: 'ask', writer: this.#writerSlot(connection, space, writer), intervals })
  }

  /** What no server takes is not sent, nor is its group. */
  #refuse(connection: Connection, space: SpaceId, records: readonly SealedRecord[]): ReadonlySet<string> {
    const refused = new Set<string>()
    const sizes = new Map<string, number>()
    for (const record of records)
      sizes.set(unitOf(record), (sizes.get(unitOf(record)) ?? 0) + record.update.bytes.length)
    for (const record of records) {
      if (refused.has(unitOf(record))) continue
      const answer = this.#unsealed(record) ?? refusalOf(record, sizes.get(unitOf(record)) ?? 0, connection.limits)
      if (answer === undefined) continue
      refused.add(unitOf(record))
      this.#deps.refused(space, record.info.id, answer)
    }
    return refused
  }

  #unsealed({ update }: SealedRecord): Answer | undefined {
    if (update.bytes.length > 0) return undefined
    if (this.#deps.engines.reads(update)) return reject('storage-corrupt', damagedMessage)
    return reject('bad-config', `This version of the app has no engine for ${update.encoding}.`)
  }

  /** A frame is of one writer, its numbers ascend, and it has limits. */
  #fits(frame: Draft, writer: number, entry: PushEntry, { entriesPerFrameMax, frameBytesMax }: Limits): boolean {
    const { pushBytesMax, pushEntriesMax } = this.#deps
    const ascends = (frame.entries.at(-1)?.n ?? 0) < entry.n
    const hasPlace = frame.entries.length < Math.min(pushEntriesMax, entriesPerFrameMax)
    const isSmall = frame.bytes + entry.bytes.length <= Math.min(pushBytesMax, frameBytesMax / 2)
    return frame.writer === writer && ascends && hasPlace && isSmall
  }

  #pushEntry(connection: Connection, record: SealedRecord): PushEntry {
    const { info, update } = record
    const { id, space, after, group, groupSize, stamp } = info
    return {
      n: id.n,
      kind: record.kind,
      document: connection.documentSlot(parseDocumentKey(info.document), info.generation),
      after:
        after === undefined ? undefined : { writer: this.#writerSlot(connection, space, after.writer), n: after.n },
      group,
      groupSize,
      stamp,
      encoding: update.encoding,
      bytes: update.bytes,
    }
  }

  #writerSlot(connection: Connection, space: SpaceId, writer: WriterId): number {
    return connection.writerSlot(space, writer, this.#deps.writers.clientIds(writer))
  }
}

export const nameOf = (space: SpaceId, id: EntryId): string => `${space}|${id.writer}|${id.n}`

/** The group of an entry, or the entry alone: what is answered as one. */
const unitOf = ({ info: { id, group } }: SealedRecord): string => `${id.writer}|${group === 0 ? id.n : group}`

function refusalOf({ update, info }: SealedRecord, unitBytes: number, limits: Limits): Answer | undefined {
  const { entryBytesMax, groupEntriesMax, unansweredBytesMax } = limits
  const size = update.bytes.length
  if (size > entryBytesMax)
    return tooLarge(`One edit wrote ${size} bytes into a document; the server takes ${entryBytesMax} (entryBytesMax).`)
  if (unitBytes > unansweredBytesMax)
    return tooLarge(
      `Edits that belong together are ${unitBytes} bytes; the server takes ${unansweredBytesMax} at a time.`,
    )
  if (info.groupSize > groupEntriesMax)
    return tooLarge(`Edits that belong together are ${info.groupSize} entries; the server takes ${groupEntriesMax}.`)
  return undefined
}

const damagedMessage = 'The bytes of this write are damaged on this device.'
const tooLarge = (message: string): Answer => reject('too-large', message)
const reject = (error: ErrorKind, message: string): Answer => ({ kind: 'reject', error, message })

const firstOf = <K, V>(map: ReadonlyMap<K, V>): readonly [K, V] | undefined => map.entries().next().value

const pushOf = ({ writer, entries }: Draft): PushFrame => ({ kind: 'push', writer, entries })

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
