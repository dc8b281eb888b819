import type { Link, LinkEvents } from '@rejoin/client'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import type { Process } from './machine.ts'
import type { Accept, NetworkDeps, ServerEnd } from './network.ts'
import { Pipe } from './pipe.ts'
import type { Weather } from './weather.ts'

export interface LineDeps extends NetworkDeps {
  /** `r0.2` is the second connection of r0. */
  readonly id: string
  /** Its machine has not asked for another connection since. */
  readonly isLatest: () => boolean
  readonly weather: () => Weather
  readonly accept: () => Accept
  /** The server has sent so many bytes, and so many wait here now. */
  readonly sent: (bytes: number, buffered: number) => void
  readonly overheard: (frame: Uint8Array, id: string) => void
  /** The process took a damaged frame and goes on. */
  readonly wentOn: () => void
  /** Nothing can arrive on it any more. */
  readonly ended: () => void
}

type Direction = 'up' | 'down'

/**
 * One connection. It keeps the order of frames, as TCP does, until it breaks. A dropped frame is a hole that is
 * never filled: whatever follows in its direction is lost too, and the break shows only later, if at all. (A bad proxy
 * may swallow one alone: what follows arrives until the connection breaks.) What is
 * on the way when one end goes may still arrive at the other, even after the next connection has begun.
 */
export class Line implements Link {
  readonly process: Process
  readonly #events: LinkEvents
  readonly #deps: LineDeps
  readonly #pipes: Readonly<Record<Direction, Pipe>>
  readonly #frames = { up: 0, down: 0 }
  readonly #holed = { up: false, down: false }
  #swallowsNext = false
  #server: ServerEnd | undefined
  #clientOpen = true
  #serverOpen = true

  constructor(process: Process, events: LinkEvents, deps: LineDeps) {
    this.process = process
    this.#events = events
    this.#deps = deps
    const pipe = (direction: Direction): Pipe => new Pipe(deps.time, () => deps.weather()[direction])
    this.#pipes = { up: pipe('up'), down: pipe('down') }
    // A connection is there when it has gone to and fro.
    this.#later('up', 0, () => this.#arrive())
  }

  /** The weather has changed. */
  pump(): void {
    this.#pipes.up.pump()
    this.#pipes.down.pump()
  }

  send(frame: Uint8Array): void {
    if (this.#isHeard()) this.#carry('up', frame, (bytes) => this.#toServer(bytes))
  }

  close(): void {
    if (!this.#clientOpen) return
    this.#clientOpen = false
    this.#later('up', 0, () => this.#closeServer())
    this.#deps.time.after(0, () => this.process.run(() => this.#events.closed(1000, 'closed here')))
  }

  buffered(): number {
    return this.#pipes.up.buffered
  }

  /** The operating system says goodbye for a killed process; a machine that lost its power says nothing. */
  clientDied(): void {
    if (!this.#clientOpen) return
    this.#clientOpen = false
    if (!this.#diesSilently('client')) this.#later('up', 0, () => this.#closeServer())
  }

  serverDied(): void {
    if (!this.#serverOpen) return
    this.#serverOpen = false
    if (!this.#diesSilently('server')) this.#later('down', 0, () => this.#closeClient(1006, 'broken'))
  }

  swallowNext(): void {
    this.#swallowsNext = true
  }

  /** Both directions end; each side hears of it in its own time. */
  breakOff(heardMs: number, dice: Dice): void {
    this.#holed.up = true
    this.#holed.down = true
    const { time } = this.#deps
    time.after(dice.between(0, heardMs), () => this.#closeClient(1006, 'broken'))
    time.after(dice.between(0, heardMs), () => this.#closeServer())
  }

  #arrive(): void {
    if (!this.#clientOpen) return this.#closeServer()
    // What was on its way to a server that has died does not reach the next one.
    if (this.#serverOpen && !this.#deps.weather().refuses)
      this.#server = this.#deps.accept()({
        send: (frame) => {
          const isSwallowed = this.#swallowsNext
          this.#swallowsNext = false
          if (!this.#serverOpen || isSwallowed) return
          this.#carry('down', frame, (bytes, isDamaged) => this.#toClient(bytes, isDamaged))
          this.#deps.sent(frame.length, this.#pipes.down.buffered)
        },
        close: (code, reason) => this.#closedByServer(code, reason),
        buffered: () => this.#pipes.down.buffered,
      })
    const isAccepted = this.#server !== undefined
    if (!isAccepted) {
      this.#serverOpen = false
      this.#deps.counts.add('refused')
    }
    this.#later('down', 0, () => {
      if (!isAccepted) this.#closeClient(1006, 'refused')
      else if (this.#isHeard()) this.process.run(() => this.#events.opened())
    })
  }

  #diesSilently(end: string): boolean {
    return this.#deps.strikes.at(`${this.#deps.id} ${end}-death 1`, 'die-silently') !== undefined
  }

  #carry(direction: Direction, frame: Uint8Array, arrive: (bytes: Uint8Array, isDamaged: boolean) => void): void {
    if (this.#holed[direction]) return
    this.#frames[direction] += 1
    const moment = `${this.#deps.id} ${direction} ${this.#frames[direction]}`
    if (this.#harmed(direction, moment)) return
    const { strikes } = this.#deps
    const bytes = frame.slice()
    const flip = strikes.at(moment, 'flip')
    if (flip !== undefined) {
      const at = flip.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << flip.below(8))
    }
    const deliver = (): void => arrive(bytes, flip !== undefined)
    const delay = strikes.at(moment, 'delay')
    this.#later(direction, bytes.length, deliver, delay?.between(1, this.#deps.conditions.stallMs))
    if (strikes.at(moment, 'duplicate') !== undefined) this.#later(direction, bytes.length, deliver)
  }

  /** Whether the connection has just been harmed so that the frame is lost. */
  #harmed(direction: Direction, moment: string): boolean {
    const { time, strikes } = this.#deps
    const drop = strikes.at(moment, 'drop')
    if (drop !== undefined) {
      this.#holed[direction] = true
      time.after(drop.between(100, 30_000), () => this.breakOff(2_000, drop))
      return true
    }
    const swallow = strikes.at(moment, 'swallow')
    if (swallow !== undefined) {
      time.after(swallow.between(100, 30_000), () => this.breakOff(2_000, swallow))
      return true
    }
    const cut = strikes.at(moment, 'cut')
    if (cut !== undefined) {
      this.breakOff(3_000, cut)
      return true
    }
    if (strikes.at(moment, 'half-open') === undefined) return false
    // Nobody is told: each side must find out by the silence.
    this.#holed.up = true
    this.#holed.down = true
    return true
  }

  #later(direction: Direction, size: number, act: () => void, stallMs = 0): void {
    const { conditions, id } = this.#deps
    const delayMs = diceOf(conditions.seed, id, direction, this.#frames[direction]).between(1, conditions.delayMs)
    this.#pipes[direction].put(size, Math.max(delayMs, stallMs), act)
  }

  #toClient(bytes: Uint8Array, isDamaged: boolean): void {
    if (!this.#isHeard()) return
    this.#note('down', bytes)
    this.process.run(() => {
      if (!this.#clientOpen) return
      this.#events.received(bytes)
      if (isDamaged && this.#clientOpen) this.#deps.wentOn()
    })
  }

  #toServer(bytes: Uint8Array): void {
    if (!this.#serverOpen) return
    if (!this.#clientOpen && !this.#deps.isLatest()) this.#deps.counts.add('reorder')
    this.#note('up', bytes)
    this.#deps.overheard(bytes, this.#deps.id)
    this.#server?.receive(bytes)
  }

  #note(direction: Direction, bytes: Uint8Array): void {
    this.#deps.trace.note(this.#deps.time.elapsed, `${this.#deps.id} ${direction}`, bytes)
  }

  #isHeard(): boolean {
    return this.#clientOpen && this.process.isAlive
  }

  #closedByServer(code: number, reason: string): void {
    this.#serverOpen = false
    this.#later('down', 0, () => this.#closeClient(code, reason))
  }

  #closeClient(code: number, reason: string): void {
    const wasHeard = this.#isHeard()
    this.#clientOpen = false
    this.#settle()
    if (wasHeard) this.process.run(() => this.#events.closed(code, reason))
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
