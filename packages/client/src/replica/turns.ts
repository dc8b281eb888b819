import type { RejoinError } from '@rejoin/base'

/** Begins what cannot be taken back; throws if the caller has been sent away. */
export type Begin = () => void

/**
 * One task at a time, in the order of asking. While the one under way does not end, whoever waits is sent away, and
 * what has not begun by then never does. What has may still be done, so its caller waits for it.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve()
  #stuck: RejoinError | undefined
  /** Sends away who waits; at the end also those whose task has begun. */
  readonly #waits = new Set<(reason: RejoinError, isEnd: boolean) => void>()

  /** For work of our own, which nobody waits for. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#last.then(task)
    this.#last = run.then(nothing, nothing)
    return run
  }

  ask<T>(task: (begin: Begin) => Promise<T>): Promise<T> {
    if (this.#stuck !== undefined) return Promise.reject(this.#stuck)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    let begun = false
    let sentAway: RejoinError | undefined
    const sendAway = (reason: RejoinError, isEnd: boolean): void => {
      if (begun && !isEnd) return
      sentAway = reason
      reject(reason)
    }
    const begin: Begin = () => {
      if (sentAway !== undefined) throw sentAway
      begun = true
    }
    this.#waits.add(sendAway)
    this.run(() => (sentAway === undefined ? task(begin) : Promise.reject(sentAway)))
      .then(resolve, reject)
      .finally(() => this.#waits.delete(sendAway))
      .catch(nothing)
    return promise
  }

  /** The task under way does not end. */
  stick(reason: RejoinError): void {
    this.#stuck = reason
    for (const sendAway of [...this.#waits]) sendAway(reason, false)
  }

  /** It goes on after all. */
  free(): void {
    this.#stuck = undefined
  }

  /** Resolves when every task has ended: true; or when that is not to be expected, and everybody was sent away: false. */
  async end(): Promise<boolean> {
    await this.ask(() => Promise.resolve()).catch(nothing)
    const reason = this.#stuck
    if (reason === undefined) return true
    for (const sendAway of [...this.#waits]) sendAway(reason, true)
    return false
  }
}

const nothing = (): void => undefined
