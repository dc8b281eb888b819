import type { Timers } from '@rejoin/base'

/** Timers by name: setting one again cancels the one before. */
export class Alarms<Name extends string> {
  readonly #timers: Timers
  readonly #pending = new Map<Name, () => void>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  isSet(name: Name): boolean {
    return this.#pending.has(name)
  }

  set(name: Name, delayMs: number, fire: () => void): void {
    this.cancel(name)
    const cancel = this.#timers.after(Math.min(Math.max(0, delayMs), timerMsMax), () => {
      this.#pending.delete(name)
      fire()
    })
    this.#pending.set(name, cancel)
  }

  cancel(name: Name): void {
    this.#pending.get(name)?.()
    this.#pending.delete(name)
  }

  cancelAll(): void {
    for (const cancel of this.#pending.values()) cancel()
    this.#pending.clear()
  }
}

/** Timers take a signed 32-bit number of milliseconds; whoever waits longer sets the alarm again. */
const timerMsMax = 2 ** 31 - 1
