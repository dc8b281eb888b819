import { RejoinError } from '@rejoin/base'
import type { Engine } from '../engine.ts'

/** An engine whose instance fails when it is told to. */
export interface Fragile {
  readonly engine: Engine
  /** From now on, or after so many more calls, everything of it is lost. */
  fail(afterCalls?: number): void
}

/** The engine on an instance that can fail, for tests of what must go on then. */
export function fragile(inner: Engine): Fragile {
  let callsLeft = Number.POSITIVE_INFINITY
  const call = (): void => {
    if (--callsLeft < 0) throw new RejoinError('engine-lost', `The instance of ${inner.name} has failed.`)
  }
  const engine: Engine = {
    ...inner,
    create: () => {
      call()
      return breakable(inner.create(), call)
    },
    changes: (before, update) => {
      call()
      return inner.changes(before, update)
    },
    changesOfEach: (before, updates) => {
      call()
      return inner.changesOfEach(before, updates)
    },
  }
  return { engine, fail: (afterCalls = 0) => void (callsLeft = afterCalls) }
}

/** Everything of it, its roots too, is a call of the instance; but for `dispose`. */
const breakable = <T extends object>(target: T, call: () => void): T =>
  new Proxy(target, {
    get: (_, name) => {
      if (name === 'dispose') return () => undefined
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value === 'object' && value !== null) return breakable(value, call)
      if (typeof value !== 'function') {
        call()
        return value
      }
      return (...given: unknown[]): unknown => {
        call()
        return Reflect.apply(value, target, given)
      }
    },
  })
