import type { Result } from '@rejoin/base'
import type { LogBatch, LogFailure, LogStore } from '@rejoin/server'

export interface LogHooks {
  /** Awaited before and after every read. */
  read(): Promise<void>
  /** Does a commit in its own way. */
  commit(batch: LogBatch, run: () => Promise<Result<void, LogFailure>>): Promise<Result<void, LogFailure>>
}

/** The same log, with something between the server and each of its calls. */
export function slowLog(log: LogStore, hooks: LogHooks): LogStore {
  return new Proxy(log, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name)
      if (typeof call !== 'function') return call
      if (name === 'commit') return (batch: LogBatch) => hooks.commit(batch, () => target.commit(batch))
      return async (...words: readonly unknown[]) => {
        await hooks.read()
        const answer: unknown = await Reflect.apply(call, target, words)
        await hooks.read()
        return answer
      }
    },
  })
}
