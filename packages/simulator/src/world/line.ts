import type { Link, LinkEvents } from '@rejoin/client'
import type { Accept, NetworkDeps, NetworkFaults, Process, ServerEnd } from './network.ts'

export interface LineDeps extends NetworkDeps {
  readonly faults: () => NetworkFaults
  /** Nothing can arrive on it any more. */
  readonly ended: () => void
}

type Direction = 'up' | 'down'

/**
 * One connection. It keeps the order of frames, as TCP does, until it breaks. A dropped frame is a hole that is
 * never filled: whatever follows in its direction is lost too, and the break shows only later, if at all. What is
 * on the way when one end goes may still arrive at the other, even after the next connection has begun.
 */
export class Line implements Link {
  readonly process: Process
  readonly #events: LinkEvents
  readonly #deps: LineDeps
  #server: ServerEnd | undefined
  #clientOpen = true
  #serverOpen = true
  /** When the last frame of each direction arrives: the next never arrives earlier. */
  readonly #arrival = { up: 0, down: 0 }
  readonly #holed = { up: false, down: false }

  constructor(process: Process, events: LinkEvents, deps: LineDeps) {
    this.process = process
    this.#events = events
    this.#deps = deps
  }

  open(accept: Accept): void {
    if (!this.#clientOpen) return this.#closeServer()
    this.#server = accept({
      send: (frame) => {
        if (this.#serverOpen) this.#carry('down', frame, (bytes) => this.#toClient(bytes))
      },
      close: (code, reason) => this.#closedByServer(code, reason),
      buffered: () => 0,
    })
    if (this.#server !== undefined) return this.#isHeard() ? this.#events.opened() : undefined
    this.#serverOpen = false
    this.#deps.counts.add('refused')
    this.#closeClient(1006, 'refused')
  }

  send(frame: Uint8Array): void {
    if (this.#isHeard()) this.#carry('up', frame, (bytes) => this.#toServer(bytes))
  }

  close(): void {
    if (!this.#clientOpen) return
    this.#clientOpen = false
    this.#later('up', () => this.#closeServer())
    this.#deps.time.after(0, () => {
      if (this.process.isAlive()) this.#events.closed(1000, 'closed here')
    })
  }

  buffered(): number {
    return 0
  }

  /** The operating system says goodbye for a killed process; a machine that lost its power says nothing. */
  clientDied(): void {
    this.#clientOpen = false
    if (!this.#isPowerLoss()) this.#later('up', () => this.#closeServer())
  }

  serverDied(): void {
    this.#serverOpen = false
    if (!this.#isPowerLoss()) this.#later('down', () => this.#closeClient(1006, 'broken'))
  }

  #isPowerLoss(): boolean {
    const { dice, counts } = this.#deps
    if (!dice.chance(0.2)) return false
    counts.add('half-open')
    return true
  }

  /** Both directions end; each side hears of it in its own time. */
  #breakOff(heardMs: number): void {
    const { time, dice } = this.#deps
    this.#holed.up = true
    this.#holed.down = true
    time.after(dice.between(0, heardMs), () => this.#closeClient(1006, 'broken'))
    time.after(dice.between(0, heardMs), () => this.#closeServer())
  }

  #carry(direction: Direction, frame: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (this.#holed[direction] || this.#harmed(direction)) return
    const { dice, counts } = this.#deps
    const { duplicate, flip } = this.#deps.faults()
    const bytes = frame.slice()
    if (dice.chance(flip)) {
      counts.add('flip')
      const at = dice.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
    }
    this.#later(direction, () => deliver(bytes))
    if (!dice.chance(duplicate)) return
    counts.add('duplicate')
    this.#later(direction, () => deliver(bytes))
  }

  /** Whether the connection has just been harmed so that the frame is lost. */
  #harmed(direction: Direction): boolean {
    const { time, dice, counts } = this.#deps
    const { drop, cut, halfOpen } = this.#deps.faults()
    if (dice.chance(drop)) {
      counts.add('drop')
      this.#holed[direction] = true
      time.after(dice.between(100, 30_000), () => this.#breakOff(2_000))
      return true
    }
    if (dice.chance(cut)) {
      counts.add('cut')
      this.#breakOff(3_000)
      return true
    }
    if (!dice.chance(halfOpen)) return false
    // Nobody is told: each side must find out by the silence.
    counts.add('half-open')
    this.#holed.up = true
    this.#holed.down = true
    return true
  }

  #later(direction: Direction, act: () => void): void {
    const { time, dice, counts } = this.#deps
    const { delayMs, stall, stallMs } = this.#deps.faults()
    const isStalled = dice.chance(stall)
    if (isStalled) counts.add('delay')
    const delay = dice.between(1, isStalled ? stallMs : delayMs)
    const at = Math.max(this.#arrival[direction], time.elapsed + delay)
    this.#arrival[direction] = at
    time.after(at - time.elapsed, act)
  }

  #toClient(bytes: Uint8Array): void {
    if (!this.#isHeard()) return
    this.#note('down', bytes)
    this.#events.received(bytes)
  }

  #toServer(bytes: Uint8Array): void {
    if (!this.#serverOpen) return
    if (!this.#clientOpen) this.#deps.counts.add('reorder')
    this.#note('up', bytes)
    this.#server?.receive(bytes)
  }

  #note(direction: Direction, bytes: Uint8Array): void {
    this.#deps.trace.note(this.#deps.time.elapsed, `${this.process.name} ${direction}`, bytes)
  }

  #isHeard(): boolean {
    return this.#clientOpen && this.process.isAlive()
  }

  #closedByServer(code: number, reason: string): void {
    this.#serverOpen = false
    this.#later('down', () => this.#closeClient(code, reason))
  }

  #closeClient(code: number, reason: string): void {
    const wasHeard = this.#isHeard()
    this.#clientOpen = false
    this.#settle()
    if (wasHeard) this.#events.closed(code, reason)
  }

  #closeServer(): void {
    const wasOpen = this.#serverOpen
    this.#serverOpen = false
    this.#settle()
    if (wasOpen) this.#server?.closed()
  }

  #settle(): void {
    if (!this.#clientOpen && !this.#serverOpen) this.#deps.ended()
  }
}
