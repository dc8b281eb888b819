import type { Timers } from '@rejoin/base'
import { drained } from '../platform/drained.ts'
import { Alarms } from './alarms.ts'

/** The one time of a simulated world. Nothing moves but by `runUntil`. */
export class VirtualTime implements Timers {
  #elapsed = 0
  #order = 0
  readonly #alarms = new Alarms()
  /** Alarms that went off so far. */
  steps = 0

  /** Milliseconds since the beginning of the world. */
  get elapsed(): number {
    return this.#elapsed
  }

  after(delayMs: number, fire: () => void): () => void {
    const alarm = { at: this.#elapsed + Math.max(0, delayMs), order: this.#order++, fire, cancelled: false }
    this.#alarms.push(alarm)
    return () => {
      alarm.cancelled = true
    }
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve))
  }

  /** Lets time pass. Between two alarms everything that can go on without time has gone on. */
  async runUntil(untilMs: number): Promise<void> {
    await drained()
    for (let alarm = this.#alarms.pop(untilMs); alarm !== undefined; alarm = this.#alarms.pop(untilMs)) {
      this.#elapsed = alarm.at
      if (alarm.cancelled) continue
      this.steps += 1
      alarm.fire()
      await drained()
    }
    this.#elapsed = Math.max(this.#elapsed, untilMs)
  }

  /** Lets time pass until `done` holds, which is looked at every `everyMs`. Returns whether it does. */
  async runWhileNot(done: () => boolean, withinMs: number, everyMs = 100): Promise<boolean> {
    const end = this.#elapsed + withinMs
    await drained()
    while (!done() && this.#elapsed < end) await this.runUntil(Math.min(end, this.#elapsed + everyMs))
    return done()
  }
}
