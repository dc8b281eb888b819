import type { LogStore } from '@rejoin/server'

export interface AroundLog {
  /** Runs a read in its own way. */
  read<T>(run: () => Promise<T>): Promise<T>
  readonly commit: LogStore['commit']
  readonly close: LogStore['close']
}

type Read = (...words: readonly unknown[]) => Promise<unknown>

/** A log whose calls go another way. */
export function aroundLog(log: LogStore, around: AroundLog): LogStore {
  const made = new Map<string | symbol, unknown>([
    ['commit', around.commit],
    ['close', around.close],
    [Symbol.asyncDispose, around.close],
  ])
  return new Proxy(log, {
    get(target, name) {
      const known = made.get(name)
      if (known !== undefined) return known
      const call: unknown = Reflect.get(target, name)
      if (typeof call !== 'function') return call
      const read: Read = (...words) => around.read(async (): Promise<unknown> => Reflect.apply(call, target, words))
      made.set(name, read)
      return read
    },
  })
}
