import type { Link, LinkEvents, Transport } from '@rejoin/client'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './faults.ts'
import { Line } from './line.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

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

export interface NetworkFaults {
  /** Each of these is a probability for each frame. */
  readonly drop: number
  readonly duplicate: number
  readonly flip: number
  readonly cut: number
  readonly halfOpen: number
  readonly stall: number
  /** Longest ordinary delay of a frame, and longest delay of one that stalls, in milliseconds. */
  readonly delayMs: number
  readonly stallMs: number
}

export const calm: NetworkFaults = {
  drop: 0,
  duplicate: 0,
  flip: 0,
  cut: 0,
  halfOpen: 0,
  stall: 0,
  delayMs: 20,
  stallMs: 0,
}

export interface NetworkDeps {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly counts: FaultCounts
  readonly trace: Trace
}

/** A process as the network knows it. */
export interface Process {
  readonly name: string
  readonly isAlive: () => boolean
}

/** All connections of a world. */
export class VirtualNetwork {
  readonly #deps: NetworkDeps
  readonly #lines = new Set<Line>()
  accept: Accept = () => undefined
  faults: NetworkFaults = calm

  constructor(deps: NetworkDeps) {
    this.#deps = deps
  }

  /** The network as one replica's process sees it. */
  transportOf(process: Process): Transport {
    return { connect: (_url, events) => this.#connect(process, events) }
  }

  /** A replica's process has died. */
  clientDied(name: string): void {
    for (const line of this.#lines) if (line.process.name === name) line.clientDied()
  }

  serverDied(): void {
    this.accept = () => undefined
    for (const line of this.#lines) line.serverDied()
  }

  #connect(process: Process, events: LinkEvents): Link {
    const { time, dice } = this.#deps
    const line: Line = new Line(process, events, {
      ...this.#deps,
      faults: () => this.faults,
      ended: () => this.#lines.delete(line),
    })
    this.#lines.add(line)
    time.after(dice.between(1, this.faults.delayMs), () => line.open(this.accept))
    return line
  }
}
