import { RejoinError } from '@rejoin/base'
import type { LogFailure, LogStore, StoreFactory } from '@rejoin/server'

export interface LogDisturbance {
  /** The first call to fail, counted from 1 over every method of the port but `close`. */
  readonly nth: number
  readonly times: number
  readonly kind: Exclude<LogFailure['kind'], 'conflict'>
}

/** Logs whose calls fail by plan without reaching the real one; counted over all openings. */
export class FailingLog implements StoreFactory {
  readonly #inner: StoreFactory
  readonly #plan: LogDisturbance
  #isRepaired = false
  counted = 0
  failed = 0

  constructor(inner: StoreFactory, plan: LogDisturbance) {
    this.#inner = inner
    this.#plan = plan
  }

  repair(): void {
    this.#isRepaired = true
  }

  async open(...how: Parameters<StoreFactory['open']>): ReturnType<StoreFactory['open']> {
    const opened = await this.#inner.open(...how)
    return { ...opened, log: this.#around(opened.log) }
  }

  #around(log: LogStore): LogStore {
    return new Proxy(log, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        if (name === 'close' || typeof name === 'symbol') return value.bind(target)
        return async (...given: readonly unknown[]): Promise<unknown> => {
          const failure = this.#planned(name)
          if (failure === undefined) return Reflect.apply(value, target, given)
          if (name === 'commit') return { ok: false, error: failure }
          throw new RejoinError(failure.kind, failure.message)
        }
      },
    })
  }

  #planned(name: string): { readonly kind: LogDisturbance['kind']; readonly message: string } | undefined {
    const { nth, times, kind } = this.#plan
    this.counted += 1
    if (this.#isRepaired || this.counted < nth || this.counted >= nth + times) return undefined
    this.failed += 1
    return { kind, message: `Call ${this.counted} (${name}) fails by plan.` }
  }
}
