import type { Log, Timers } from '@rejoin/base'
import { RejoinError } from '@rejoin/base'
import type { Batch, Store, StoreFailure } from '@rejoin/storage'

/** What one store transaction will contain. A later put or removal of a key replaces an earlier one. */
export class BatchBuilder {
  readonly #changes = new Map<string, Uint8Array | undefined>()

  put(key: string, value: Uint8Array): void {
    this.#changes.set(key, value)
  }

  remove(key: string): void {
    this.#changes.set(key, undefined)
  }

  get size(): number {
    return this.#changes.size
  }

  build(): Batch {
    const put: [string, Uint8Array][] = []
    const remove: string[] = []
    for (const [key, value] of this.#changes) {
      if (value === undefined) remove.push(key)
      else put.push([key, value])
    }
    return { remove, put }
  }
}

/** A part of a store transaction, and what follows once it is durable. */
export interface Contribution {
  /** Called once, when the transaction is put together. */
  readonly write: (batch: BatchBuilder) => void
  /** Called once, in the order of contribution, after the transaction is durable. */
  readonly durable: () => void
}

export interface CommitterOptions {
  readonly store: Store
  readonly timers: Timers
  readonly log: Log
  /** How long a first contribution waits for company, in milliseconds. */
  readonly groupDelayMs: number
  /** How long to wait before a failed transaction is tried again, in milliseconds. */
  readonly retryDelayMs: number
  readonly health: (failure: StoreFailure | undefined) => void
}

/**
 * The one door to the store: contributions of many callers become one transaction (group commit), and
 * readers that must not see half of a change run between transactions. A transaction that fails is kept
 * and tried again, so nothing that was accepted is lost while the process lives.
 */
export class Committer {
  readonly #options: CommitterOptions
  #waiting: Contribution[] = []
  #failed: { readonly batch: Batch; readonly contributions: readonly Contribution[] } | undefined
  #cancelTimer: (() => void) | undefined
  #tail: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  contribute(contribution: Contribution): void {
    if (this.#closed) throw new RejoinError('closed')
    this.#waiting.push(contribution)
    this.#schedule(this.#options.groupDelayMs)
  }

  /** Resolves when everything contributed so far is durable; rejects if the store refuses it now. */
  async flush(): Promise<void> {
    await this.#enqueue(async () => {
      const failure = await this.#commitWaiting()
      if (failure !== undefined) throw new RejoinError(failure.kind === 'conflict' ? 'storage-unavailable' : failure.kind, failure.message)
    })
  }

  /** Runs `task` when no transaction is under way, after what was contributed so far was tried. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    return this.#enqueue(async () => {
      await this.#commitWaiting()
      return task()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    await this.#tail
  }

  #schedule(delayMs: number): void {
    if (this.#cancelTimer !== undefined || this.#closed) return
    this.#cancelTimer = this.#options.timers.after(delayMs, () => {
      this.#cancelTimer = undefined
      void this.#enqueue(async () => {
        await this.#commitWaiting()
      })
    })
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(task)
    this.#tail = run.then(nothing, nothing)
    return run
  }

  async #commitWaiting(): Promise<StoreFailure | undefined> {
    if (this.#failed !== undefined) {
      const failure = await this.#attempt(this.#failed.batch, this.#failed.contributions)
      if (failure !== undefined) return failure
    }
    if (this.#waiting.length === 0) return undefined
    const contributions = this.#waiting
    this.#waiting = []
    const batch = new BatchBuilder()
    for (const contribution of contributions) contribution.write(batch)
    return this.#attempt(batch.build(), contributions)
  }

  async #attempt(batch: Batch, contributions: readonly Contribution[]): Promise<StoreFailure | undefined> {
    const outcome = await this.#options.store.commit(batch)
    if (!outcome.ok) {
      this.#failed = { batch, contributions }
      this.#options.log('warn', 'store.commit-failed', { kind: outcome.error.kind })
      this.#options.health(outcome.error)
      this.#schedule(this.#options.retryDelayMs)
      return outcome.error
    }
    if (this.#failed !== undefined) this.#options.health(undefined)
    this.#failed = undefined
    for (const contribution of contributions) contribution.durable()
    return undefined
  }
}

const nothing = (): void => undefined
