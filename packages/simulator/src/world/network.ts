import type { LinkEvents, Transport } from '@rejoin/client'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'
import { Line } from './line.ts'
import type { Process } from './machine.ts'
import type { Strikes } from './strikes.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'
import { worst } from './weather.ts'
import type { Weather } from './weather.ts'

/** The server's end of a connection. */
export interface ServerEnd {
  receive(frame: Uint8Array): void
  closed(): void
}

/** What the server is given of a connection. */
export interface ServerLine {
  send(frame: Uint8Array): void
  close(code: number, reason: string): void
  buffered(): number
}

/** What the network calls for each connection that reaches the server; undefined while it is down. */
export type Accept = (line: ServerLine) => ServerEnd | undefined

export interface NetworkDeps {
  readonly time: VirtualTime
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly strikes: Strikes
  /** Longest ordinary delay of a frame, and longest delay of one that is held up, in milliseconds. */
  readonly conditions: { readonly seed: number; readonly delayMs: number; readonly stallMs: number }
}

/** A connection that somebody asked for. */
export interface Attempt {
  readonly name: string
  readonly at: number
}

/** All connections of a world. */
export class VirtualNetwork {
  readonly #deps: NetworkDeps
  readonly #lines = new Set<Line>()
  readonly #connections = new Map<string, number>()
  readonly #troubles = new Map<string, Set<Partial<Weather>>>()
  readonly attempts: Attempt[] = []
  readonly #bufferedMax = new Map<string, number>()
  /** The longest frame that the server has sent. */
  frameMax = 0
  /** Told of each frame that reaches the server, of which connection and machine. */
  overheard: (frame: Uint8Array, line: string, name: string) => void = () => undefined
  /** Told of each machine that goes on with a connection on which it was sent a damaged frame. */
  wentOn: (name: string) => void = () => undefined
  accept: Accept = () => undefined

  constructor(deps: NetworkDeps) {
    this.#deps = deps
  }

  /** The network as one process sees it. */
  transportOf(process: Process): Transport {
    return { connect: (_url, events) => this.#connect(process, events) }
  }

  /** A process has died. */
  clientDied(process: Process): void {
    for (const line of this.#lines) if (line.process === process) line.clientDied()
  }

  serverDied(): void {
    this.accept = () => undefined
    for (const line of this.#lines) line.serverDied()
  }

  /** The most bytes that a machine's connection held for it at once. */
  bufferedMax(name: string): number {
    return this.#bufferedMax.get(name) ?? 0
  }

  /** Breaks each connection, or those of one machine; `dice` say how soon each side hears of it. */
  breakOff(dice: Dice, heardMs: number, name?: string): void {
    for (const line of this.#lines)
      if (name === undefined || line.process.machine.name === name) line.breakOff(heardMs, dice)
  }

  /** The next frame down each connection of a machine does not arrive, and nothing else happens. */
  swallowNext(name: string): void {
    for (const line of this.#lines) if (line.process.machine.name === name) line.swallowNext()
  }

  /** Bad weather for some machines, until the returned function is called. */
  trouble(names: readonly string[], weather: Partial<Weather>): () => void {
    const change = (apply: (troubles: Set<Partial<Weather>>) => void): void => {
      for (const name of names) {
        const troubles = this.#troubles.get(name) ?? new Set()
        this.#troubles.set(name, troubles)
        apply(troubles)
      }
      for (const line of this.#lines) if (names.includes(line.process.machine.name)) line.pump()
    }
    change((troubles) => troubles.add(weather))
    return () => change((troubles) => troubles.delete(weather))
  }

  /** Good weather for everybody from now on. */
  calm(): void {
    this.#troubles.clear()
    for (const line of this.#lines) line.pump()
  }

  #connect(process: Process, events: LinkEvents): Line {
    const { name } = process.machine
    const nth = (this.#connections.get(name) ?? 0) + 1
    this.#connections.set(name, nth)
    this.attempts.push({ name, at: this.#deps.time.elapsed })
    const line: Line = new Line(process, events, {
      ...this.#deps,
      id: `${name}.${nth}`,
      isLatest: () => this.#connections.get(name) === nth,
      weather: () => worst(this.#troubles.get(name) ?? []),
      accept: () => this.accept,
      sent: (bytes, buffered) => {
        this.frameMax = Math.max(this.frameMax, bytes)
        this.#bufferedMax.set(name, Math.max(this.bufferedMax(name), buffered))
      },
      overheard: (frame, id) => this.overheard(frame, id, name),
      wentOn: () => this.wentOn(name),
      ended: () => this.#lines.delete(line),
    })
    this.#lines.add(line)
    return line
  }
}
