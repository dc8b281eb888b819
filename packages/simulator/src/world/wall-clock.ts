import type { Clock } from '@rejoin/base'
import type { VirtualTime } from './time.ts'

/** 2026-01-01Z in milliseconds since 1970: any moment after the epoch of stamps does. */
const beginning = 1_767_225_600_000

/** A machine's clock: right, unless something was done to it. */
export class WallClock implements Clock {
  readonly #time: VirtualTime
  readonly #usualOffsetMs: number
  #offsetMs: number
  /** It gains so many milliseconds a millisecond since it began to drift. */
  #drift = { rate: 0, since: 0 }
  #stuckAt: number | undefined

  constructor(time: VirtualTime, usualOffsetMs: number) {
    this.#time = time
    this.#usualOffsetMs = usualOffsetMs
    this.#offsetMs = usualOffsetMs
  }

  now(): number {
    const { elapsed } = this.#time
    const { rate, since } = this.#drift
    return this.#stuckAt ?? Math.floor(beginning + elapsed + this.#offsetMs + rate * (elapsed - since))
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs
  }

  drift(rate: number): void {
    this.#drift = { rate, since: this.#time.elapsed }
  }

  /** It says the same always: what it says now, unless told. */
  stick(at: number = this.now()): void {
    this.#stuckAt = at
  }

  goOn(): void {
    this.#stuckAt = undefined
  }

  /** Right again, but for what it is always wrong by. */
  putRight(): void {
    this.#offsetMs = this.#usualOffsetMs
    this.#drift = { rate: 0, since: 0 }
    this.#stuckAt = undefined
  }
}
