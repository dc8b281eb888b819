import { unreachable } from '@rejoin/base'
import type { ErrorKind, Intervals, Log, SpaceId, UserId } from '@rejoin/base'
import type { Answer } from '@rejoin/outbox'
import { defaultLimits } from '@rejoin/protocol'
import type { RangeFrame, ServerFrame, Token, WelcomeFrame } from '@rejoin/protocol'
import type { Downstream } from '../downstream/downstream.ts'
import type { SpaceState, Stream } from '../downstream/space-state.ts'
import type { OutboxNews } from '../upstream/upstream.ts'
import type { AnswerWatch } from './answer-watch.ts'
import type { Connection } from './connection.ts'
import type { Network } from './network.ts'
import type { Streams } from './streams.ts'

export interface ExchangeDeps {
  readonly log: Log
  readonly principal: UserId
  readonly spaces: ReadonlyMap<SpaceId, SpaceState>
  readonly streams: Streams
  readonly watch: AnswerWatch
  readonly network: () => Network | undefined
  readonly downstream: () => Downstream
  readonly outbox: (event: OutboxNews) => void
  readonly heardServerTime: (ms: number) => void
  /** The cursors, link or head of a space have changed. */
  readonly changed: (space: SpaceState) => void
  /** The space's log is read from its beginning again. */
  readonly restarted: (space: SpaceState) => void
  readonly problem: (kind: ErrorKind, message: string) => void
}

type Problem = { readonly kind: string; readonly message: string } | undefined

/** What is said on a connection that is up: what each frame means, and to whom it goes. */
export class Exchange {
  readonly #deps: ExchangeDeps

  constructor(deps: ExchangeDeps) {
    this.#deps = deps
  }

  up(connection: Connection, welcome: WelcomeFrame): void {
    this.#deps.heardServerTime(welcome.clockMs)
    const { entryBytesMax, unansweredBytesMax } = welcome.limits
    this.#deps.outbox({ kind: 'limits', entryBytesMax, unansweredBytesMax })
    for (const space of this.#deps.streams.begin(connection, welcome.level)) this.#link(space)
  }

  down(): void {
    this.#deps.watch.clear()
    for (const space of this.#deps.spaces.values()) {
      space.disconnected()
      this.#deps.changed(space)
    }
    this.#deps.outbox({ kind: 'unlinked', space: 'all' })
  }

  left(space: SpaceState): void {
    this.#deps.streams.left(space)
    this.#unlink(space)
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
        return this.#answeredAll(connection, frame.writer, frame.intervals, {
          kind: 'reject',
          error: frame.error,
          message: frame.message,
        })
      case 'retry':
        return this.#answeredAll(connection, frame.writer, frame.intervals, {
          kind: 'retry',
          error: frame.error,
          afterMs: frame.afterMs,
        })
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
    if (connection !== undefined) {
      this.#credit(connection, stream)
      const merged = space.mergeLevel()
      if (merged.length > 0) this.#deps.streams.replace(connection, space, merged)
    }
    this.#deps.changed(space)
  }

  #subscribed(number: number, verdict: 'continue' | 'restart', head: Token): Problem {
    const found = this.#deps.streams.answered(number)
    if (found === undefined) return undefined
    const { space, stream } = found
    if (verdict === 'restart') {
      this.#deps.log('warn', 'space.restarted', { space: space.space })
      space.restart(stream, head)
      this.#deps.restarted(space)
    } else space.continued(head)
    this.#link(space)
    this.#deps.changed(space)
    return undefined
  }

  #unsubscribed(number: number, error: ErrorKind, message: string): Problem {
    const found = this.#deps.streams.answered(number)
    if (found === undefined) return undefined
    this.#deps.streams.ended(found, error)
    this.#unlink(found.space)
    this.#deps.problem(error, message)
    return undefined
  }

  #range(connection: Connection, frame: RangeFrame, size: number): Problem {
    const number = connection.stream(frame.stream)
    if (!number.ok) return number.error
    const found = this.#deps.streams.find(number.value)
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
    this.#deps.streams.again(connection, found)
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
    const space = own === undefined ? undefined : this.#deps.spaces.get(own.space)
    if (space !== undefined) {
      space.see(head)
      this.#deps.changed(space)
    }
    return this.#answeredAll(connection, slot, intervals, { kind: 'ack' })
  }

  #answeredAll(connection: Connection, slot: number, numbers: Intervals, answer: Answer): Problem {
    const own = connection.ownWriter(slot)
    if (own === undefined)
      return { kind: 'bad-frame', message: `an answer for writer slot ${slot}, which was never declared` }
    this.#deps.outbox({ kind: 'answered-all', space: own.space, writer: own.writer, numbers, answer })
    return undefined
  }

  #link(space: SpaceState): void {
    if (space.linked) return
    space.linked = true
    this.#deps.changed(space)
    this.#deps.outbox({ kind: 'linked', space: space.space, principal: this.#deps.principal })
  }

  #unlink(space: SpaceState): void {
    space.linked = false
    this.#deps.changed(space)
    this.#deps.outbox({ kind: 'unlinked', space: space.space })
  }
}
