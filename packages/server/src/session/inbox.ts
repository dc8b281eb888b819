import type { Entry, Intervals } from '@rejoin/base'
import type { Committer, WorkFailure } from '../committer.ts'
import type { Principal } from '../identity/principal.ts'
import type { SpaceRef } from '../log/records.ts'
import type { ServerLimits } from '../limits.ts'
import type { Answer, AskAnswer } from '../answer.ts'
import { askWork, pushWork } from '../requests.ts'
import type { Room } from '../room/room.ts'
import type { Rooms } from '../rooms.ts'
import { Answers } from './answers.ts'
import type { StreamOutlet } from './outlet.ts'
import type { WriterSlot } from './writer-slot.ts'

export interface InboxDeps {
  readonly limits: ServerLimits
  readonly rooms: Rooms
  readonly committer: Committer
  readonly outlet: StreamOutlet
  principal(): Principal
  isClosed(): boolean
  /** Ends the connection, which asks for too much. */
  fail(message: string): void
  /** So many entries of so many bytes were answered. */
  answered(entries: number, bytes: number): void
  /** `flush` is to be called when the commit is settled. */
  flushLater(): void
}

/** What one connection hands in, and the answers on their way back to it. */
export class Inbox {
  readonly #deps: InboxDeps
  readonly #answers = new Map<WriterSlot, { readonly room: Room; readonly answers: Answers }>()

  constructor(deps: InboxDeps) {
    this.#deps = deps
  }

  push(ref: SpaceRef, writer: WriterSlot, entries: readonly Entry[]): void {
    const { rooms, committer, principal } = this.#deps
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0)
    const { clientIds } = writer
    const room = rooms.hold(ref)
    const answered = (answers: readonly Answer[], failure: WorkFailure | undefined): void => {
      if (this.#deps.isClosed()) return
      this.#deps.answered(entries.length, bytes)
      if (failure !== undefined) this.#retry(room, writer, entries, failure)
      else this.#keep(room, writer, clientIds, answers)
    }
    committer.add(pushWork({ room, writer: writer.writer, clientIds, entries, bytes, principal, answered }))
    rooms.release(room)
  }

  ask(ref: SpaceRef, writer: WriterSlot, intervals: Intervals): void {
    const { rooms, committer, isClosed } = this.#deps
    const { user } = this.#deps.principal()
    const room = rooms.hold(ref)
    const answered = (answer: AskAnswer): void => {
      if (!isClosed()) this.#answersOf(room, writer).addAsked(answer)
    }
    committer.add(askWork({ room, writer: writer.writer, user, intervals, isGone: isClosed, answered }, committer))
    rooms.release(room)
  }

  /** Sends what the commit answered. */
  flush(): void {
    const { outlet, limits } = this.#deps
    for (const [writer, { room, answers }] of this.#answers)
      for (const frame of answers.frames(writer.slot, room.headToken(), limits.wire)) outlet.send(frame)
    this.#answers.clear()
  }

  #retry(room: Room, writer: WriterSlot, entries: readonly Entry[], failure: WorkFailure): void {
    const answers = this.#answersOf(room, writer)
    for (const { id } of entries) answers.retry(id.n, failure.kind, this.#deps.limits.retryAfterMs)
  }

  #keep(room: Room, writer: WriterSlot, clientIds: readonly number[], answers: readonly Answer[]): void {
    const own = this.#answersOf(room, writer)
    const number = room.records.writerNumber(writer.writer)
    for (const answer of answers) {
      if (answer.kind === 'retry' && answer.reason === 'rate-limited') {
        const { writerRunsMax } = this.#deps.limits
        return this.#deps.fail(`The numbers of a writer have more holes than writerRunsMax (${writerRunsMax}) allows.`)
      }
      own.add(answer)
      if (answer.kind === 'accepted' && number !== undefined) this.#deps.outlet.addOwn(writer.space, number, answer.n)
    }
    // Registered with the entries; only later ones need be declared with the next.
    if (answers[0]?.kind !== 'accepted' || clientIds.length === 0 || writer.clientIds.length === 0) return
    const registered = new Set(clientIds)
    writer.clientIds = writer.clientIds.filter((id) => !registered.has(id))
  }

  #answersOf(room: Room, writer: WriterSlot): Answers {
    const known = this.#answers.get(writer)
    if (known !== undefined) return known.answers
    const answers = new Answers(this.#deps.limits.retryAfterMs)
    this.#answers.set(writer, { room, answers })
    this.#deps.flushLater()
    return answers
  }
}
