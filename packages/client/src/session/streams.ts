import { retryOf } from '@rejoin/base'
import type { ErrorKind, SpaceId, Timers } from '@rejoin/base'
import { canonicalCursors, helloCursors } from '@rejoin/protocol'
import type { Cursor } from '@rejoin/protocol'
import type { SpaceState, Stream } from '../downstream/space-state.ts'
import type { AnswerWatch } from './answer-watch.ts'
import type { Connection } from './connection.ts'
import type { Network } from './network.ts'

export interface StreamsDeps {
  readonly timers: Timers
  readonly spaces: ReadonlyMap<SpaceId, SpaceState>
  readonly network: () => Network | undefined
  readonly watch: AnswerWatch
  /** How soon a stream that the server ended for the moment is asked for again. */
  readonly resubscribeMs: number
  /** The stream's number, and with it whether the space is level, has changed. */
  readonly changed: (space: SpaceState) => void
}

export interface Numbered {
  readonly space: SpaceState
  readonly stream: Stream
}

/** The streams of the current connection: which are asked for, and under which numbers. */
export class Streams {
  readonly #deps: StreamsDeps
  #next = 0
  readonly #numbered = new Map<number, Numbered>()
  /** What the hello of the current connection spoke of: only that can go on without being asked for. */
  #greeted: readonly Numbered[] = []
  /** Spaces left on the current connection, on which the server sends nothing of ours a second time. */
  readonly #leftHere = new Set<SpaceId>()

  constructor(deps: StreamsDeps) {
    this.#deps = deps
  }

  /** For `hello`: the hash over every cursor, or nothing if this replica knows itself not to be level. */
  cursors(): Uint8Array {
    this.#greeted = this.#all()
    return helloCursors(this.#greeted.map(({ space, stream }) => ({ ...cursorOf(space, stream), seen: space.seen })))
  }

  /**
   * A connection is up. `level`: the server goes on with the streams that it was greeted with, in the canonical order.
   * Returns the spaces that need no answer first. Since the greeting, spaces may have been joined and left.
   */
  begin(connection: Connection, level: boolean): ReadonlySet<SpaceState> {
    this.#next = 0
    this.#numbered.clear()
    this.#leftHere.clear()
    const goOn = new Set(level ? this.#goOn(connection) : [])
    for (const { space, stream } of this.#all())
      if (stream.number === undefined) this.subscribe(connection, space, stream)
    return goOn
  }

  #goOn(connection: Connection): readonly SpaceState[] {
    const items = this.#greeted.map(({ space, stream }) => ({ ...cursorOf(space, stream), state: space, stream }))
    const goOn: SpaceState[] = []
    const over: number[] = []
    for (const { state, stream } of canonicalCursors(items)) {
      if (state.left || !state.streams.includes(stream)) over.push(this.#next++)
      else {
        this.#number(state, stream)
        goOn.push(state)
      }
    }
    for (const number of over) this.#unsubscribe(connection, number)
    return goOn
  }

  subscribe(connection: Connection, space: SpaceState, stream: Stream): void {
    const number = this.#number(space, stream)
    const slot = connection.spaceSlot(space.space)
    const { interest, token } = stream
    this.#deps.watch.asked(questionOf(number))
    connection.send({ kind: 'subscribe', stream: number, space: slot, interest, after: token, seen: space.seen })
  }

  /** A space was joined or widened: the server hears of it now, or when the next connection is up. */
  opened(space: SpaceState, stream: Stream): void {
    const network = this.#deps.network()
    const connection = network?.connection
    if (connection === undefined || stream.number !== undefined) return
    if (this.#leftHere.has(space.space)) network?.reconnect()
    else this.subscribe(connection, space, stream)
  }

  left(space: SpaceState): void {
    const connection = this.#deps.network()?.connection
    if (connection !== undefined) for (const stream of space.streams) this.#unsubscribe(connection, stream.number)
    this.#leftHere.add(space.space)
    space.disconnected()
  }

  /** Asks for the same again, from where the stream is. */
  again(connection: Connection, { space, stream }: Numbered): void {
    this.#unsubscribe(connection, stream.number)
    this.subscribe(connection, space, stream)
  }

  /** Ends streams whose interest has changed and asks for what is there now. */
  replace(connection: Connection, space: SpaceState, ended: readonly Stream[]): void {
    for (const { number } of ended) this.#unsubscribe(connection, number)
    for (const stream of space.streams) if (stream.number === undefined) this.subscribe(connection, space, stream)
  }

  /** The stream that the server has begun to answer; undefined for one that was ended: its frames are on the way. */
  answered(number: number): Numbered | undefined {
    this.#deps.watch.answered(questionOf(number))
    return this.find(number)
  }

  find(number: number): Numbered | undefined {
    const found = this.#numbered.get(number)
    return found?.stream.number === number ? found : undefined
  }

  /** The server has ended it; if only for the moment, it is asked for again. */
  ended({ space, stream }: Numbered, error: ErrorKind): void {
    const { timers, resubscribeMs, network } = this.#deps
    stream.number = undefined
    if (retryOf(error) !== 'later') return
    const before = network()?.connection
    timers.after(resubscribeMs, () => {
      const connection = network()?.connection
      const isWanted = !space.left && space.streams.includes(stream) && stream.number === undefined
      if (connection !== undefined && connection === before && isWanted) this.subscribe(connection, space, stream)
    })
  }

  #unsubscribe(connection: Connection, number: number | undefined): void {
    if (number === undefined) return
    this.#deps.watch.answered(questionOf(number))
    this.#numbered.delete(number)
    connection.send({ kind: 'unsubscribe', stream: number })
  }

  #number(space: SpaceState, stream: Stream): number {
    const number = this.#next++
    stream.number = number
    stream.uncredited = 0
    this.#numbered.set(number, { space, stream })
    this.#deps.changed(space)
    return number
  }

  #all(): readonly Numbered[] {
    return [...this.#deps.spaces.values()].flatMap((space) => space.streams.map((stream) => ({ space, stream })))
  }
}

const questionOf = (stream: number): string => `stream ${stream}`

const cursorOf = (space: SpaceState, stream: Stream): Cursor => ({
  space: space.space,
  interest: stream.interest,
  token: stream.token,
})
