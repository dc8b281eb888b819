import { unreachable } from '@rejoin/base'
import type { ErrorKind, Intervals, Log, SpaceId, UserId, WriterId } from '@rejoin/base'
import { eachNumber } from '@rejoin/base'
import type { Answer } from '@rejoin/outbox'
import { canonicalCursors, defaultLimits, emptyToken, helloCursors } from '@rejoin/protocol'
import type { Cursor, RangeFrame, ServerFrame, Token, WelcomeFrame } from '@rejoin/protocol'
import type { Downstream } from '../downstream/downstream.ts'
import type { SpaceState, Stream } from '../downstream/space-state.ts'
import type { OutboxNews } from '../upstream/upstream.ts'
import type { Connection } from './connection.ts'
import type { Network } from './network.ts'

export interface ExchangeDeps {
  readonly log: Log
  readonly principal: UserId
  readonly spaces: ReadonlyMap<SpaceId, SpaceState>
  readonly network: () => Network | undefined
  readonly downstream: () => Downstream
  readonly outbox: (event: OutboxNews) => void
  readonly answered: (space: SpaceId, writer: WriterId, n: number, answer: Answer) => void
  readonly heardServerTime: (ms: number) => void
  /** Cursors, links or heads have changed. */
  readonly changed: () => void
  readonly problem: (kind: ErrorKind, message: string) => void
}

interface Numbered {
  readonly space: SpaceState
  readonly stream: Stream
}

type Problem = { readonly kind: string; readonly message: string } | undefined

/** What is said on a connection that is up: which streams are asked for, and what each frame means. */
export class Exchange {
  readonly #deps: ExchangeDeps
  #nextStream = 0
  /** Streams by their number on the current connection. */
  readonly #numbered = new Map<number, Numbered>()

  constructor(deps: ExchangeDeps) {
    this.#deps = deps
  }

  /** For `hello`: the hash over every cursor, or nothing if this replica knows itself not to be level. */
  cursors(): Uint8Array {
    return helloCursors(this.#streams().map(({ space, stream }) => ({ ...cursorOf(space, stream), seen: space.seen })))
  }

  up(connection: Connection, welcome: WelcomeFrame): void {
    this.#deps.heardServerTime(welcome.clockMs)
    this.#nextStream = 0
    this.#numbered.clear()
    if (welcome.level) {
      const ordered = canonicalCursors(this.#streams().map((item) => ({ ...cursorOf(item.space, item.stream), ...item, space: item.space.space, state: item.space })))
      for (const { state, stream } of ordered) this.#number(state, stream)
      for (const space of this.#deps.spaces.values()) this.#link(space)
    } else for (const { space, stream } of this.#streams()) this.subscribe(connection, space, stream)
    this.#deps.changed()
  }

  down(): void {
    for (const space of this.#deps.spaces.values()) space.disconnected()
    this.#deps.outbox({ kind: 'unlinked', space: 'all' })
    this.#deps.changed()
  }

  subscribe(connection: Connection, space: SpaceState, stream: Stream): void {
    const number = this.#number(space, stream)
    const slot = connection.spaceSlot(space.space)
    const { interest, token } = stream
    connection.send({ kind: 'subscribe', stream: number, space: slot, interest, after: token, seen: space.seen })
  }

  /** A space was joined or widened: the server hears of it now, or when the next connection is up. */
  opened(space: SpaceState, stream: Stream): void {
    const connection = this.#deps.network()?.connection
    if (connection !== undefined && stream.number === undefined) this.subscribe(connection, space, stream)
    this.#deps.changed()
  }

  left(space: SpaceState): void {
    const connection = this.#deps.network()?.connection
    for (const { number } of space.streams) if (number !== undefined) connection?.send({ kind: 'unsubscribe', stream: number })
    space.disconnected()
    this.#deps.changed()
  }

  /** Ends streams whose interest has changed and asks for what is there now. */
  resubscribe(connection: Connection, space: SpaceState, ended: readonly Stream[]): void {
    for (const { number } of ended) if (number !== undefined) connection.send({ kind: 'unsubscribe', stream: number })
    for (const stream of space.streams) if (stream.number === undefined) this.subscribe(connection, space, stream)
  }

  frame(connection: Connection, frame: ServerFrame, size: number): Problem {
    switch (frame.kind) {
      case 'subscribed':
        return this.#subscribed(frame.stream, frame.verdict, frame.head)
      case 'unsubscribed':
        return this.#unsubscribed(frame.stream, frame.error, frame.message)
      case 'range':
        return this.#range(connection, frame, size)
      case 'acks':
        return this.#acks(connection, frame.writer, frame.intervals, frame.head)
      case 'reject':
        return this.#each(connection, frame.writer, frame.intervals, { kind: 'reject', error: frame.error, message: frame.message })
      case 'retry':
        return this.#each(connection, frame.writer, frame.intervals, { kind: 'retry', error: frame.error, afterMs: frame.afterMs })
      case 'unknown':
        return this.#answeredAll(connection, frame.writer, frame.intervals, { kind: 'unknown' })
      case 'pong':
        this.#deps.heardServerTime(frame.clockMs)
        return undefined
      case 'welcome':
      case 'error':
        return { kind: 'bad-frame', message: `a second ${frame.kind}` }
      case 'documents':
      case 'writer':
      case 'stream':
      case 'focused':
      case 'presence':
      case 'unsupported':
        return undefined
      default:
        return unreachable(frame)
    }
  }

  /** Called once a range is durable: gives the server credit for what was taken off the wire. */
  applied(space: SpaceState, stream: Stream): void {
    const connection = this.#deps.network()?.connection
    if (connection === undefined) return
    this.#credit(connection, stream)
    const merged = space.mergeLevel()
    if (merged.length > 0) this.resubscribe(connection, space, merged)
    this.#deps.changed()
  }

  #subscribed(number: number, verdict: 'continue' | 'restart', head: Token): Problem {
    const found = this.#streamOf(number)
    if (found === undefined) return undefined
    if (verdict === 'restart') {
      this.#deps.log('warn', 'space.restarted', { space: found.space.space })
      found.space.restart(found.stream, head, emptyToken)
    } else found.space.see(head)
    this.#link(found.space)
    this.#deps.changed()
    return undefined
  }

  #unsubscribed(number: number, error: ErrorKind, message: string): Problem {
    const found = this.#streamOf(number)
    if (found === undefined) return undefined
    found.stream.number = undefined
    found.space.linked = false
    this.#deps.outbox({ kind: 'unlinked', space: found.space.space })
    this.#deps.problem(error, message)
    return undefined
  }

  #range(connection: Connection, frame: RangeFrame, size: number): Problem {
    const number = connection.stream(frame.stream)
    if (!number.ok) return number.error
    const found = this.#streamOf(number.value)
    if (found === undefined) return undefined
    found.stream.uncredited += size
    const whole = this.#deps.network()?.joiner.join(frame)
    if (whole?.ok !== true) return whole?.error
    // A range larger than the credit must be able to go on before it is complete.
    if (whole.value === undefined) {
      this.#credit(connection, found.stream)
      return undefined
    }
    const outcome = this.#deps.downstream().take(connection, found.space, found.stream, whole.value)
    if (outcome !== 'lost') return outcome
    this.#deps.log('warn', 'stream.lost', { space: found.space.space })
    connection.send({ kind: 'unsubscribe', stream: number.value })
    this.subscribe(connection, found.space, found.stream)
    return undefined
  }

  #credit(connection: Connection, stream: Stream): void {
    const limits = this.#deps.network()?.limits ?? defaultLimits
    if (stream.number === undefined || stream.uncredited < limits.creditBytes / 4) return
    connection.send({ kind: 'credit', stream: stream.number, bytes: stream.uncredited })
    stream.uncredited = 0
  }

  #acks(connection: Connection, slot: number, intervals: Intervals, head: Token): Problem {
    const own = connection.ownWriter(slot)
    if (own !== undefined) this.#deps.spaces.get(own.space)?.see(head)
    return this.#answeredAll(connection, slot, intervals, { kind: 'ack' })
  }

  #answeredAll(connection: Connection, slot: number, numbers: Intervals, answer: { readonly kind: 'ack' } | { readonly kind: 'unknown' }): Problem {
    const own = connection.ownWriter(slot)
    if (own === undefined) return { kind: 'bad-frame', message: `an answer for writer slot ${slot}, which was never declared` }
    this.#deps.outbox({ kind: 'answered-all', space: own.space, writer: own.writer, numbers, answer })
    return undefined
  }

  #each(connection: Connection, slot: number, intervals: Intervals, answer: Answer): Problem {
    const own = connection.ownWriter(slot)
    if (own === undefined) return { kind: 'bad-frame', message: `an answer for writer slot ${slot}, which was never declared` }
    for (const n of eachNumber(intervals)) this.#deps.answered(own.space, own.writer, n, answer)
    return undefined
  }

  #link(space: SpaceState): void {
    if (space.linked) return
    space.linked = true
    this.#deps.outbox({ kind: 'linked', space: space.space, principal: this.#deps.principal })
  }

  #number(space: SpaceState, stream: Stream): number {
    const number = this.#nextStream++
    stream.number = number
    stream.uncredited = 0
    this.#numbered.set(number, { space, stream })
    return number
  }

  /** Undefined for a stream that was ended: its frames are on the way for a while. */
  #streamOf(number: number): Numbered | undefined {
    const found = this.#numbered.get(number)
    return found?.stream.number === number ? found : undefined
  }

  #streams(): readonly Numbered[] {
    return [...this.#deps.spaces.values()].flatMap((space) => space.streams.map((stream) => ({ space, stream })))
  }
}

const cursorOf = (space: SpaceState, stream: Stream): Cursor => ({ space: space.space, interest: stream.interest, token: stream.token })
