import type { Timers } from '@rejoin/base'
import type { Link } from '../transport.ts'
import { Pace } from './pace.ts'

export interface OutletDeps {
  readonly link: Link
  readonly timers: Timers
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number
  /** So many bytes have left. */
  readonly sent: (bytes: number) => void
}

/** Sends frames in order, no faster than the server takes them. */
export class Outlet {
  readonly #deps: OutletDeps
  #pace: Pace
  #queue: Uint8Array[] = []
  /** What waits until all that is queued has left. */
  #idle: (() => void)[] = []
  #cancelTimer: (() => void) | undefined
  #closed = false

  constructor(deps: OutletDeps, framesPerSecondMax: number) {
    this.#deps = deps
    this.#pace = new Pace(framesPerSecondMax, deps.elapsed())
  }

  /** The server's own limit, of its welcome. */
  keepTo(framesPerSecondMax: number): void {
    this.#pace = new Pace(framesPerSecondMax, this.#deps.elapsed())
  }

  send(frame: Uint8Array): void {
    if (this.#closed) return
    if (this.#queue.length === 0 && this.#pace.allows(this.#deps.elapsed())) this.#sendNow(frame)
    else this.#wait(frame)
  }

  /** Calls when nothing is queued: now, or later, or never if the connection ends before. */
  whenIdle(act: () => void): void {
    if (this.#queue.length === 0) act()
    else this.#idle.push(act)
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer?.()
    this.#queue = []
    this.#idle = []
  }

  #sendNow(frame: Uint8Array): void {
    this.#deps.link.send(frame)
    this.#deps.sent(frame.length)
  }

  #wait(frame: Uint8Array): void {
    this.#queue.push(frame)
    this.#cancelTimer ??= this.#deps.timers.after(this.#pace.waitMs, () => this.#drain())
  }

  #drain(): void {
    this.#cancelTimer = undefined
    let count = 0
    while (count < this.#queue.length && this.#pace.allows(this.#deps.elapsed())) count += 1
    for (const frame of this.#queue.splice(0, count)) this.#sendNow(frame)
    if (this.#closed) return
    if (this.#queue.length > 0) {
      this.#cancelTimer = this.#deps.timers.after(this.#pace.waitMs, () => this.#drain())
      return
    }
    for (const act of this.#idle.splice(0)) act()
  }
}
