import { RejoinError } from '@rejoin/base'
import type { Status, Watchable } from './api.ts'
import type { CallApp } from './guarded.ts'

export interface StatusBoardDeps {
  readonly compute: () => Status
  readonly later: (show: () => void) => void
  readonly callApp: CallApp
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: RejoinError) => void
}

/** The status as something to watch: shows a value only when it differs, and not more often than once a turn. */
export class StatusBoard implements Watchable<Status> {
  readonly #deps: StatusBoardDeps
  /** With what each was shown last. */
  readonly #shows = new Set<{ readonly show: (status: Status) => void; last: Status }>()
  readonly #settled = new Set<Waiter>()
  #scheduled = false
  #closed = false

  constructor(deps: StatusBoardDeps) {
    this.#deps = deps
  }

  get now(): Status {
    return this.#deps.compute()
  }

  watch(show: (status: Status) => void): () => void {
    const last = this.now
    show(last)
    const watcher = { show, last }
    this.#shows.add(watcher)
    return () => this.#shows.delete(watcher)
  }

  /** Something may have changed. Looked at once a turn, also where nobody watches: it notes when all was level. */
  touch(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    this.#deps.later(() => {
      this.#scheduled = false
      this.show()
    })
  }

  /** Resolves when the status says `synced`; rejects if the replica is closed before. */
  settled(): Promise<void> {
    if (this.now.synced) return Promise.resolve()
    return new Promise((resolve, reject) => this.#settled.add({ resolve, reject }))
  }

  close(): void {
    this.#closed = true
    for (const { reject } of this.#settled)
      reject(new RejoinError('closed', 'The replica was closed before everything was level.'))
    this.#settled.clear()
    this.#shows.clear()
  }

  /** Shows what has changed now, not at the end of the turn. */
  show(): void {
    if (this.#closed) return
    const status = this.now
    if (status.synced) {
      for (const { resolve } of this.#settled) resolve()
      this.#settled.clear()
    }
    for (const watcher of [...this.#shows]) {
      if (same(status, watcher.last)) continue
      watcher.last = status
      this.#deps.callApp(() => watcher.show(status))
    }
  }
}

/** The time of the last look at a level state is no news of its own. */
function same(a: Status, b: Status): boolean {
  return (Object.keys(a) as (keyof Status)[]).every((key) => key === 'lastSyncedAt' || isSame(a[key], b[key]))
}

const isSame = (a: Status[keyof Status], b: Status[keyof Status]): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
