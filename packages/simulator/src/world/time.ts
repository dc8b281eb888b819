import type { Timers } from '@rejoin/base'
import { drained } from '../platform/drained.ts'
import { Alarms } from './alarms.ts'
import type { Alarm } from './alarms.ts'

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
    return this.at(this.#elapsed + delayMs, fire)
  }

  /** What should have been already is at once. */
  at(atMs: number, fire: () => void): () => void {
    const alarm = { at: Math.max(atMs, this.#elapsed), order: this.#order++, fire, cancelled: false }
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
      if (this.#ring(alarm)) await drained()
    }
    this.#elapsed = Math.max(this.#elapsed, untilMs)
  }

  /** As `runUntil`, in a world in which nothing waits for anything but alarms. */
  passUntil(untilMs: number): void {
    for (let alarm = this.#alarms.pop(untilMs); alarm !== undefined; alarm = this.#alarms.pop(untilMs))
      this.#ring(alarm)
    this.#elapsed = Math.max(this.#elapsed, untilMs)
  }

  /** In such a world, until `done` holds. Returns whether it does: it never will once there are no alarms any more. */
  passUntilDone(done: () => boolean): boolean {
    while (!done()) {
      const alarm = this.#alarms.pop(Number.POSITIVE_INFINITY)
      if (alarm === undefined) return false
      this.#ring(alarm)
    }
    return true
  }

  /** Lets time pass until `done` holds, which is looked at every `everyMs`. Returns whether it does. */
  async runWhileNot(done: () => boolean, withinMs: number, everyMs = 100): Promise<boolean> {
    const end = this.#elapsed + withinMs
    await drained()
    while (!done() && this.#elapsed < end) await this.runUntil(Math.min(end, this.#elapsed + everyMs))
    return done()
  }

  /** Whether it was still to go off. */
  #ring(alarm: Alarm): boolean {
    this.#elapsed = alarm.at
    if (alarm.cancelled) return false
    this.steps += 1
    alarm.fire()
    return true
  }
}
