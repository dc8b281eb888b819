import { toIntervals, without } from '@rejoin/base'
import type { Intervals } from '@rejoin/base'
import type { ClientFrame, ServerFrame } from '@rejoin/protocol'

/** Something to which the protocol promises an answer, or the end of the connection. */
export interface Request {
  readonly what: string
  readonly askedMs: number
}

interface Numbered extends Request {
  readonly writer: number
  left: Intervals
}

/** What one connection has asked and not yet heard of. */
export class Requests {
  readonly #streams = new Map<number, Request>()
  readonly #pings: Request[] = []
  #hello: Request | undefined
  #unknown: Request[] = []
  #end: Request | undefined
  #numbers: Numbered[] = []
  /** When the latest ping was sent that was answered: until then both directions carried what was said. */
  #provenMs = -1

  get provenMs(): number {
    return this.#provenMs
  }

  /** The connection is open: it is welcomed in time, or ended. */
  opened(askedMs: number): void {
    this.#hello = { what: 'handshake', askedMs }
  }

  /** Something was said after which the connection must end. */
  mustEnd(what: string, askedMs: number): void {
    this.#end ??= { what, askedMs }
  }

  /** A sound frame of no known type was said. */
  unknownType(askedMs: number): void {
    this.#unknown.push({ what: 'frame of an unknown type', askedMs })
  }

  said(frame: ClientFrame, askedMs: number): void {
    switch (frame.kind) {
      case 'subscribe':
        this.#streams.set(frame.stream, { what: `subscribe ${frame.stream}`, askedMs })
        return
      case 'unsubscribe':
        this.#streams.delete(frame.stream)
        return
      case 'ask':
        return this.#asked('ask', frame.writer, frame.intervals, askedMs)
      case 'push': {
        const numbers = toIntervals(frame.entries.flatMap(({ n, group }) => (group === 0 ? [n] : [])))
        return this.#asked('push', frame.writer, numbers, askedMs)
      }
      case 'ping':
        this.#pings.push({ what: 'ping', askedMs })
        return
      default:
    }
  }

  heard(frame: ServerFrame): void {
    switch (frame.kind) {
      case 'welcome':
        this.#hello = undefined
        return
      case 'subscribed':
      case 'unsubscribed':
        this.#streams.delete(frame.stream)
        return
      case 'acks':
      case 'reject':
      case 'retry':
      case 'unknown':
        return this.#answered(frame.writer, frame.intervals)
      case 'unsupported':
        this.#unknown.shift()
        return
      case 'pong':
        this.#provenMs = Math.max(this.#provenMs, this.#pings.shift()?.askedMs ?? -1)
        return
      default:
    }
  }

  open(): readonly Request[] {
    const once = [this.#hello, this.#end].filter((request) => request !== undefined)
    return [...once, ...this.#streams.values(), ...this.#numbers, ...this.#unknown, ...this.#pings]
  }

  #asked(kind: string, writer: number, numbers: Intervals, askedMs: number): void {
    if (numbers.length > 0)
      this.#numbers.push({ what: `${kind} of writer slot ${writer}`, askedMs, writer, left: numbers })
  }

  #answered(writer: number, intervals: Intervals): void {
    for (const request of this.#numbers) if (request.writer === writer) request.left = without(request.left, intervals)
    this.#numbers = this.#numbers.filter(({ left }) => left.length > 0)
  }
}
