import type { DocumentKey, SpaceId } from '@rejoin/base'
import type { Interest, SubscribeFrame } from '@rejoin/protocol'
import type { Committer } from '../committer.ts'
import type { LevelStream } from '../devices.ts'
import type { ServerLimits } from '../limits.ts'
import type { SpaceRef } from '../log/records.ts'
import type { ServerPorts } from '../ports.ts'
import { epochWork } from '../requests.ts'
import type { Room } from '../room/room.ts'
import type { Subscription } from '../room/subscription.ts'
import type { Rooms } from '../rooms.ts'
import type { Failure } from './failure.ts'
import type { StreamOutlet } from './outlet.ts'

export interface OpenStreamsDeps {
  readonly rooms: Rooms
  readonly committer: Committer
  readonly ports: ServerPorts
  readonly limits: ServerLimits
}

interface OpenStream {
  readonly space: SpaceId
  readonly interest: Interest
  /** Undefined while the log is asked where the stream begins. */
  opened: { readonly room: Room; readonly subscription: Subscription } | undefined
}

/** The streams of one connection, by the client's numbers. */
export class OpenStreams {
  readonly #deps: OpenStreamsDeps
  readonly #outlet: StreamOutlet
  readonly #streams = new Map<number, OpenStream>()
  readonly #perSpace = new Map<SpaceId, number>()
  #names = 0

  constructor(deps: OpenStreamsDeps, outlet: StreamOutlet) {
    this.#deps = deps
    this.#outlet = outlet
  }

  /** What each stream carries, in the order of opening. */
  list(): readonly { readonly space: SpaceId; readonly interest: Interest }[] {
    return [...this.#streams.values()]
  }

  /** Why one more stream is too much, if it is. Each of them costs something at every commit of its space. */
  excess(space: SpaceId, interest: Interest): Failure | undefined {
    const { streamsPerSpaceMax, interestNamesOpenMax, retryAfterMs } = this.#deps.limits
    const message =
      (this.#perSpace.get(space) ?? 0) >= streamsPerSpaceMax
        ? `streamsPerSpaceMax is ${streamsPerSpaceMax}.`
        : this.#names + namesIn(interest) > interestNamesOpenMax
          ? `interestNamesOpenMax is ${interestNamesOpenMax}.`
          : undefined
    return message === undefined ? undefined : { error: 'rate-limited', message, afterMs: retryAfterMs }
  }

  /** Judges what the client knows of the log, says so, and begins to send. */
  async subscribe(ref: SpaceRef, { stream, interest, after, seen }: SubscribeFrame): Promise<void> {
    const open = this.#add(stream, ref.space, interest)
    await this.#deps.rooms.use(ref, async (room) => {
      const verdict = await room.judge({ after, seen })
      if (verdict.kind === 'restart' && verdict.setBackIn !== undefined) await this.#leaveEpoch(room, verdict.setBackIn)
      if (this.#streams.get(stream) !== open) return
      this.#outlet.subscribed(stream, verdict.kind, room.headToken())
      this.#begin(stream, open, room, verdict.kind === 'continue' ? verdict.after : 0)
    })
  }

  /** Opens streams that are level as they were remembered; stream i is the i-th. */
  async resume(refOf: (space: SpaceId) => SpaceRef, level: readonly LevelStream[]): Promise<void> {
    for (const [stream, { space, interest, seq }] of level.entries()) {
      const open = this.#add(stream, space, interest)
      await this.#deps.rooms.use(refOf(space), async (room) => {
        await room.record()
        if (this.#streams.get(stream) === open) this.#begin(stream, open, room, seq)
      })
    }
  }

  /** True if there was such a stream. */
  drop(stream: number): boolean {
    const open = this.#streams.get(stream)
    this.#streams.delete(stream)
    if (open !== undefined) this.#count(open, -1)
    if (open?.opened !== undefined) {
      const { room, subscription } = open.opened
      room.unsubscribe(subscription)
      this.#deps.rooms.letGo(room)
    }
    return open !== undefined
  }

  dropAll(): void {
    for (const stream of this.#streams.keys()) this.drop(stream)
  }

  /** Streams of spaces of which this is not true any more. */
  lost(mayRead: (space: SpaceId) => boolean): readonly { readonly stream: number; readonly space: SpaceId }[] {
    return [...this.#streams]
      .filter(([, { space }]) => !mayRead(space))
      .map(([stream, { space }]) => ({ stream, space }))
  }

  credit(stream: number, bytes: number): void {
    this.#streams.get(stream)?.opened?.subscription.credit(bytes)
  }

  /** The connection reads again. */
  drained(): void {
    for (const { opened } of this.#streams.values()) opened?.subscription.resume()
  }

  async focus(stream: number, key: DocumentKey): Promise<void> {
    const opened = this.#streams.get(stream)?.opened
    if (opened === undefined || !opened.subscription.audience.wants(key)) return
    const declaration = await opened.room.records.declarationOf(key)
    if (declaration !== undefined) await opened.subscription.focus(key, declaration)
  }

  #add(stream: number, space: SpaceId, interest: Interest): OpenStream {
    const open: OpenStream = { space, interest, opened: undefined }
    this.#streams.set(stream, open)
    this.#count(open, 1)
    return open
  }

  #count({ space, interest }: OpenStream, by: 1 | -1): void {
    const left = (this.#perSpace.get(space) ?? 0) + by
    if (left === 0) this.#perSpace.delete(space)
    else this.#perSpace.set(space, left)
    this.#names += by * namesIn(interest)
  }

  #begin(stream: number, open: OpenStream, room: Room, cursor: number): void {
    const subscription = room.subscribe(this.#outlet, stream, open.interest, cursor)
    open.opened = { room, subscription }
    subscription.pull()
  }

  /** The log was set back: everybody who follows it is judged anew too. */
  async #leaveEpoch(room: Room, epoch: string): Promise<void> {
    this.#deps.ports.log('warn', 'log-set-back', { space: room.ref.space })
    room.endStreams('The log of this space was set back.')
    await new Promise<void>((resolve) => this.#deps.committer.add(epochWork(room, epoch, resolve)))
  }
}

export const noMember = (space: SpaceId): Failure => ({
  error: 'not-found',
  message: `There is no space ${space} for this user.`,
  afterMs: 0,
})

const namesIn = ({ collections, entities }: Interest): number => collections.length + entities.length
