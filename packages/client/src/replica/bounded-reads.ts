import { RejoinError } from '@rejoin/base'
import type { Timers } from '@rejoin/base'
import type { Store } from '@rejoin/storage'

/**
 * `store`, but a read or a close without an answer for `answerMs` rejects with `storage-unavailable`: whoever waits
 * can go on, and a read that comes late has changed nothing. A commit is waited for, since it may still be done.
 */
export function boundedReads(store: Store, timers: Timers, answerMs: number): Store {
  const within = <T>(what: string, answer: Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const message = `The store has not answered a ${what} for ${answerMs} ms.`
    const cancel = timers.after(answerMs, () => reject(new RejoinError('storage-unavailable', message)))
    answer
      .then(resolve, reject)
      .finally(cancel)
      .catch(() => undefined)
    return promise
  }
  const close = (): Promise<void> => within('close', store.close())
  return {
    durability: store.durability,
    get: (keys) => within('read', store.get(keys)),
    scan: (range) => within('read', store.scan(range)),
    commit: (batch) => store.commit(batch),
    close,
    [Symbol.asyncDispose]: close,
  }
}
