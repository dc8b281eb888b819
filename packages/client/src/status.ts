import type { Status, Watchable } from './api.ts'

/** The status as something to watch: shows a value only when it differs, and not more often than once a turn. */
export class StatusBoard implements Watchable<Status> {
  readonly #compute: () => Status
  readonly #later: (show: () => void) => void
  readonly #shows = new Set<(status: Status) => void>()
  readonly #settled = new Set<() => void>()
  #last: Status
  #scheduled = false

  constructor(compute: () => Status, later: (show: () => void) => void) {
    this.#compute = compute
    this.#later = later
    this.#last = compute()
  }

  get now(): Status {
    return this.#compute()
  }

  watch(show: (status: Status) => void): () => void {
    this.#shows.add(show)
    show(this.now)
    return () => this.#shows.delete(show)
  }

  /** Something may have changed. */
  touch(): void {
    if (this.#scheduled || (this.#shows.size === 0 && this.#settled.size === 0)) return
    this.#scheduled = true
    this.#later(() => {
      this.#scheduled = false
      this.#tell()
    })
  }

  /** Resolves when the status says `synced`. */
  settled(): Promise<void> {
    if (this.now.synced) return Promise.resolve()
    return new Promise((resolve) => this.#settled.add(resolve))
  }

  close(): void {
    for (const resolve of this.#settled) resolve()
    this.#settled.clear()
    this.#shows.clear()
  }

  #tell(): void {
    const status = this.now
    if (status.synced) {
      for (const resolve of this.#settled) resolve()
      this.#settled.clear()
    }
    if (same(status, this.#last)) return
    this.#last = status
    for (const show of this.#shows) show(status)
  }
}

function same(a: Status, b: Status): boolean {
  return (Object.keys(a) as (keyof Status)[]).every((key) => a[key] === b[key])
}
