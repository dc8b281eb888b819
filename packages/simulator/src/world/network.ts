import type { Link, LinkEvents, Transport } from '@rejoin/client'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './faults.ts'
import type { VirtualTime } from './time.ts'

/** The server's end of a connection. */
export interface ServerEnd {
  receive(frame: Uint8Array): void
  closed(): void
}

/** What the network calls for each connection that reaches the server; undefined while it is down. */
export type Accept = (connection: { send(frame: Uint8Array): void; close(code: number, reason: string): void; buffered(): number }) => ServerEnd | undefined

export interface NetworkFaults {
  /** Each of these is a probability for each frame. */
  readonly drop: number
  readonly duplicate: number
  readonly cut: number
  /** Longest delay of a frame, in milliseconds. */
  readonly delayMs: number
}

export const calm: NetworkFaults = { drop: 0, duplicate: 0, cut: 0, delayMs: 20 }

/**
 * Connections that keep the order of frames, as TCP does, until they break. A dropped frame is a hole that
 * is never filled: whatever follows it in its direction is lost too, and the break shows only later. What is
 * on the way when a connection breaks may still arrive at the server after the next one has begun.
 */
export class VirtualNetwork {
  readonly #time: VirtualTime
  readonly #dice: Dice
  readonly #counts: FaultCounts
  readonly #lines = new Set<Line>()
  accept: Accept = () => undefined
  faults: NetworkFaults = calm

  constructor(time: VirtualTime, dice: Dice, counts: FaultCounts) {
    this.#time = time
    this.#dice = dice
    this.#counts = counts
  }

  /** The network as one replica's process sees it. */
  transportOf(owner: object, isAlive: () => boolean): Transport {
    return { connect: (_url, events) => this.#connect(owner, isAlive, events) }
  }

  /** Breaks the connections of a process, or of all. */
  breakAll(owner?: object): void {
    for (const line of this.#lines) if (owner === undefined || line.owner === owner) line.breakOff(0)
  }

  #connect(owner: object, isAlive: () => boolean, events: LinkEvents): Link {
    const line = new Line(owner, isAlive, events, this.#time, this.#dice, this.#counts, () => this.faults, () => this.#lines.delete(line))
    this.#lines.add(line)
    this.#time.after(this.#dice.between(1, this.faults.delayMs), () => line.open(this.accept))
    return line
  }
}

class Line implements Link {
  readonly owner: object
  readonly #isAlive: () => boolean
  readonly #events: LinkEvents
  readonly #time: VirtualTime
  readonly #dice: Dice
  readonly #counts: FaultCounts
  readonly #faults: () => NetworkFaults
  readonly #gone: () => void
  #server: ServerEnd | undefined
  #clientOpen = true
  #serverOpen = true
  /** When the last frame of each direction arrives: the next never arrives earlier. */
  readonly #arrival = { up: 0, down: 0 }
  readonly #holed = { up: false, down: false }

  constructor(
    owner: object,
    isAlive: () => boolean,
    events: LinkEvents,
    time: VirtualTime,
    dice: Dice,
    counts: FaultCounts,
    faults: () => NetworkFaults,
    gone: () => void,
  ) {
    this.owner = owner
    this.#isAlive = isAlive
    this.#events = events
    this.#time = time
    this.#dice = dice
    this.#counts = counts
    this.#faults = faults
    this.#gone = gone
  }

  open(accept: Accept): void {
    if (!this.#clientOpen) return
    this.#server = accept({
      send: (frame) => this.#carry('down', frame, (bytes) => this.#toClient(bytes)),
      close: (code, reason) => this.#closeFromServer(code, reason),
      buffered: () => 0,
    })
    if (this.#server === undefined) this.#closeClient(1006, 'refused')
    else if (this.#isAlive()) this.#events.opened()
  }

  send(frame: Uint8Array): void {
    if (this.#clientOpen) this.#carry('up', frame, (bytes) => this.#toServer(bytes))
  }

  close(): void {
    if (!this.#clientOpen) return
    this.#clientOpen = false
    this.#later('up', () => this.#closeServer())
    this.#time.after(0, () => {
      if (this.#isAlive()) this.#events.closed(1000, 'closed here')
    })
  }

  buffered(): number {
    return 0
  }

  /** The connection breaks: each side hears of it in its own time. */
  breakOff(heardMs: number): void {
    this.#holed.up = true
    this.#holed.down = true
    this.#time.after(this.#dice.between(0, heardMs), () => this.#closeClient(1006, 'broken'))
    this.#time.after(this.#dice.between(0, heardMs), () => this.#closeServer())
  }

  #carry(direction: 'up' | 'down', frame: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (this.#holed[direction]) return
    const faults = this.#faults()
    if (this.#dice.chance(faults.drop)) {
      this.#counts.add('drop')
      this.#holed[direction] = true
      this.#time.after(this.#dice.between(100, 30_000), () => this.breakOff(2_000))
      return
    }
    if (this.#dice.chance(faults.cut)) {
      this.#counts.add('cut')
      this.breakOff(3_000)
      return
    }
    const bytes = frame.slice()
    this.#later(direction, () => deliver(bytes))
    if (!this.#dice.chance(faults.duplicate)) return
    this.#counts.add('duplicate')
    this.#later(direction, () => deliver(bytes))
  }

  #later(direction: 'up' | 'down', act: () => void): void {
    const at = Math.max(this.#arrival[direction], this.#time.elapsed + this.#dice.between(1, this.#faults().delayMs))
    this.#arrival[direction] = at
    this.#time.after(at - this.#time.elapsed, act)
  }

  #toClient(bytes: Uint8Array): void {
    if (this.#clientOpen && this.#isAlive()) this.#events.received(bytes)
  }

  #toServer(bytes: Uint8Array): void {
    if (!this.#serverOpen) return
    if (!this.#clientOpen) this.#counts.add('reorder')
    this.#server?.receive(bytes)
  }

  #closeFromServer(code: number, reason: string): void {
    this.#serverOpen = false
    this.#later('down', () => this.#closeClient(code, reason))
  }

  #closeClient(code: number, reason: string): void {
    this.#gone()
    if (!this.#clientOpen) return
    this.#clientOpen = false
    if (this.#isAlive()) this.#events.closed(code, reason)
  }

  #closeServer(): void {
    if (!this.#serverOpen) return
    this.#serverOpen = false
    this.#server?.closed()
  }
}
