import type { Clock, Timers } from '@rejoin/base'
import type { Limits } from '@rejoin/protocol'
import { Alarms } from './alarms.ts'

export interface WatchHooks {
  silent(): void
  expired(): void
  noHello(): void
}

/** The clocks of one connection: hello in time, signs of life, the end of the token. */
export class Watch {
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #hooks: WatchHooks
  readonly #alarms: Alarms<'hello' | 'silence' | 'expiry'>
  #heardMs: number

  constructor(
    limits: Limits,
    { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
    hooks: WatchHooks,
  ) {
    this.#limits = limits
    this.#clock = clock
    this.#hooks = hooks
    this.#heardMs = clock.now()
    this.#alarms = new Alarms(timers)
    this.#alarms.set('hello', limits.helloMs, () => hooks.noHello())
    this.#watchSilence(limits.silenceMs)
  }

  /** A frame arrived; returns the time. */
  heard(): number {
    this.#heardMs = this.#clock.now()
    return this.#heardMs
  }

  welcomed(expiresMs: number): void {
    this.#alarms.cancel('hello')
    const leftMs = expiresMs - this.#clock.now()
    // A long life is more than a timer takes: it is looked at again when the timer fires.
    this.#alarms.set('expiry', leftMs, () =>
      this.#clock.now() < expiresMs ? this.welcomed(expiresMs) : this.#hooks.expired(),
    )
  }

  end(): void {
    this.#alarms.cancelAll()
  }

  #watchSilence(afterMs: number): void {
    this.#alarms.set('silence', afterMs, () => {
      const quietMs = Math.max(0, this.#clock.now() - this.#heardMs)
      if (quietMs >= this.#limits.silenceMs) this.#hooks.silent()
      else this.#watchSilence(this.#limits.silenceMs - quietMs)
    })
  }
}
