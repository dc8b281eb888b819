import type { Log, Timers } from '@rejoin/base'
import { err, RejoinError } from '@rejoin/base'
import { isLost } from '../engines.ts'
import { brokenError } from '../fuse.ts'
import type { Batch, Store, StoreFailure } from '@rejoin/storage'
import { Turns } from './turns.ts'

type Value = Uint8Array | (() => Uint8Array)

/** What one store transaction will contain. A later put or removal of a key replaces an earlier one. */
export class BatchBuilder {
  readonly #changes = new Map<string, Value | undefined>()
  readonly #undo: (() => void)[] = []

  /** A record that changes often in one transaction is given as a function, and made once, at the end. */
  put(key: string, value: Value): void {
    this.#changes.set(key, value)
  }

  remove(key: string): void {
    this.#changes.set(key, undefined)
  }

  /** What to do with memory that follows the batch, should the batch be given up. */
  onRevert(undo: () => void): void {
    this.#undo.push(undo)
  }

  revert(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }

  build(): Batch {
    const put: [string, Uint8Array][] = []
    const remove: string[] = []
    for (const [key, value] of this.#changes) {
      if (value === undefined) remove.push(key)
      else put.push([key, typeof value === 'function' ? value() : value])
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
  /** After so many milliseconds without an answer to a transaction the store is said to fail. */
  readonly answerMs: number
  readonly health: (failure: StoreFailure | undefined) => void
  /** A contribution threw, which is broken code: nothing more is written, and the replica is to be closed. */
  readonly broken: (cause: unknown) => void
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
  readonly #turns = new Turns()
  #closed = false
  #failing = false
  #broken: RejoinError | undefined
  /** The replica was closed without the answer: it is nobody's any more. */
  #abandoned = false
  /** How often the store has taken a transaction that it had refused before. */
  recoveries = 0

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  contribute(contribution: Contribution): void {
    if (this.#closed) throw new RejoinError('closed')
    this.#waiting.push(contribution)
    this.#schedule(this.#options.groupDelayMs)
  }

  /** Resolves when everything contributed so far is durable; rejects if the store refuses it now, or does not answer. */
  flush(): Promise<void> {
    return this.#turns.ask(() => this.#commitOrThrow())
  }

  /** Runs `task` when no transaction is under way, after what was contributed so far was tried. For reading. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.ask(async (begin) => {
      await this.#commitWaiting()
      begin()
      return task()
    })
  }

  /** As `exclusive`, for a task that will `apply` a batch: what was contributed before must be on disk first. */
  exclusiveWrite<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.ask(async (begin) => {
      await this.#commitOrThrow()
      begin()
      return task()
    })
  }

  /**
   * As `exclusiveWrite`, again and again until the task has succeeded or the replica is closed. What fails with its engine
   * is for the next open to do.
   */
  insist(what: string, task: () => Promise<void>): void {
    if (this.#closed || this.#broken !== undefined) return
    this.exclusiveWrite(task).catch((cause: unknown) => {
      const { log, timers, retryDelayMs } = this.#options
      log('warn', 'store.task-failed', { what, reason: String(cause) })
      if (isLost(cause)) return
      timers.after(retryDelayMs, () => this.insist(what, task))
    })
  }

  /**
   * One transaction of its own, inside an exclusive task. Throws if the store refuses it, and reverts the batch. Where
   * nobody tries it again, the store is asked whether it works: it must not be said to fail for ever.
   */
  async apply(batch: BatchBuilder): Promise<void> {
    const failure = await this.#commit(batch.build())
    if (failure === undefined) return
    batch.revert()
    this.#schedule(this.#options.retryDelayMs)
    throw errorOf(failure)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#abandoned = !(await this.#turns.end())
  }

  #schedule(delayMs: number): void {
    if (this.#cancelTimer !== undefined || this.#closed) return
    this.#cancelTimer = this.#options.timers.after(delayMs, () => {
      this.#cancelTimer = undefined
      this.#turns.run(() => this.#commitWaiting()).catch(nothing)
    })
  }

  async #commitOrThrow(): Promise<void> {
    const failure = await this.#commitWaiting()
    if (failure !== undefined) throw errorOf(failure)
  }

  async #commitWaiting(): Promise<StoreFailure | undefined> {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#failed !== undefined) {
      const failure = await this.#attempt(this.#failed.batch, this.#failed.contributions)
      if (failure !== undefined) return failure
    }
    if (this.#waiting.length === 0) {
      if (this.#failing) await this.#ask()
      return undefined
    }
    const contributions = this.#waiting
    this.#waiting = []
    const batch = this.#certainly(() => {
      const builder = new BatchBuilder()
      for (const contribution of contributions) contribution.write(builder)
      return builder.build()
    })
    return this.#attempt(batch, contributions)
  }

  /** Whether the store works again. */
  async #ask(): Promise<void> {
    const failure = await this.#commit({})
    if (failure !== undefined) this.#schedule(this.#options.retryDelayMs)
  }

  /** What was half done in memory cannot be undone: what is on disk is the truth, and is read again by the next open. */
  #certainly<T>(act: () => T): T {
    try {
      return act()
    } catch (cause) {
      this.#broken = brokenError(cause)
      this.#options.broken(cause)
      throw this.#broken
    }
  }

  async #attempt(batch: Batch, contributions: readonly Contribution[]): Promise<StoreFailure | undefined> {
    const failure = await this.#commit(batch)
    if (failure !== undefined) {
      this.#failed = { batch, contributions }
      this.#schedule(this.#options.retryDelayMs)
      return failure
    }
    if (this.#abandoned) return undefined
    if (this.#failed !== undefined) this.recoveries += 1
    this.#failed = undefined
    this.#certainly(() => {
      for (const contribution of contributions) contribution.durable()
    })
    return undefined
  }

  async #commit(batch: Batch): Promise<StoreFailure | undefined> {
    const { store, log, health } = this.#options
    const outcome = await this.#watched(store.commit(batch)).catch((cause: unknown) => err(failureOf(cause)))
    if (!outcome.ok) {
      log('warn', 'store.commit-failed', { kind: outcome.error.kind })
      this.#failing = true
      health(outcome.error)
      return outcome.error
    }
    if (this.#failing) {
      this.#failing = false
      health(undefined)
    }
    return undefined
  }

  /** A transaction without an answer may still be done: it is waited for, however long, but that is said. */
  async #watched<T>(answer: Promise<T>): Promise<T> {
    const { timers, answerMs, log, health } = this.#options
    const cancel = timers.after(answerMs, () => {
      const message = `The store has not answered a transaction for ${answerMs} ms.`
      log('error', 'store.stuck')
      this.#failing = true
      health({ kind: 'storage-unavailable', message })
      this.#turns.stick(new RejoinError('storage-unavailable', message))
    })
    try {
      return await answer
    } finally {
      cancel()
      this.#turns.free()
    }
  }
}

/** A store that throws instead of answering is as good as one that refuses. */
function failureOf(cause: unknown): StoreFailure {
  const message = cause instanceof Error ? cause.message : String(cause)
  return { kind: 'storage-unavailable', message }
}

const errorOf = ({ kind, message }: StoreFailure): RejoinError =>
  new RejoinError(kind === 'conflict' ? 'storage-unavailable' : kind, message)

const nothing = (): void => undefined
