import { parseDocumentKey } from '@rejoin/base'
import type { EntryId, SpaceId, WriterId } from '@rejoin/base'
import type { Answer } from '@rejoin/outbox'
import { splitIntervals } from '@rejoin/protocol'
import type { Limits, PushEntry, PushFrame } from '@rejoin/protocol'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { AnswerWatch } from '../session/answer-watch.ts'
import type { Connection } from '../session/connection.ts'
import type { OwnWriters } from './own-writers.ts'

export interface PusherDeps {
  readonly writers: OwnWriters
  readonly connection: () => Connection | undefined
  /** Told what was asked of the server. */
  readonly watch: AnswerWatch
  readonly pushBytesMax: number
  readonly pushEntriesMax: number
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

  constructor(deps: PusherDeps) {
    this.#deps = deps
  }

  send(space: SpaceId, records: readonly SealedRecord[]): void {
    const connection = this.#deps.connection()
    if (connection === undefined) return
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
    for (const id of ids) this.#deps.watch.asked(nameOf(space, id))
    for (const [writer, numbers] of byWriter(ids))
      for (const intervals of splitIntervals(numbers, connection.limits.intervalsMax))
        connection.send({ kind: 'ask', writer: this.#writerSlot(connection, space, writer), intervals })
  }

  /** What no server takes is not sent, nor is its group. */
  #refuse(connection: Connection, space: SpaceId, records: readonly SealedRecord[]): ReadonlySet<string> {
    const refused = new Set<string>()
    for (const record of records) {
      const answer = refusalOf(record, connection.limits)
      if (answer === undefined) continue
      refused.add(unitOf(record))
      this.#deps.refused(space, record.info.id, answer)
    }
    return refused
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

function refusalOf({ update }: SealedRecord, { entryBytesMax }: Limits): Answer | undefined {
  const size = update.bytes.length
  if (size === 0)
    return { kind: 'reject', error: 'storage-corrupt', message: 'The bytes of this write are damaged on this device.' }
  if (size <= entryBytesMax) return undefined
  const message = `One edit wrote ${size} bytes into a document; the server takes ${entryBytesMax} (entryBytesMax).`
  return { kind: 'reject', error: 'too-large', message }
}

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
