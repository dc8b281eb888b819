import type { DecodedChange, Hash } from './library.ts'

/** Lets each change through once, and after all that it builds on. */
export class CausalQueue {
  readonly #passed: Set<Hash>
  readonly #waiting = new Map<Hash, DecodedChange>()
  /** By the first of those that each still waits for. */
  readonly #waitingFor = new Map<Hash, DecodedChange[]>()

  constructor(known: Iterable<Hash>) {
    this.#passed = new Set(known)
  }

  get waits(): boolean {
    return this.#waiting.size > 0
  }

  take(changes: Iterable<DecodedChange>): readonly DecodedChange[] {
    const free: DecodedChange[] = []
    for (const change of changes) {
      if (this.#passed.has(change.hash) || this.#waiting.has(change.hash)) continue
      const tried = [change]
      for (let next = tried.pop(); next !== undefined; next = tried.pop())
        if (this.#passes(next)) {
          free.push(next)
          for (const each of this.#waitingFor.get(next.hash) ?? []) tried.push(each)
          this.#waitingFor.delete(next.hash)
        }
    }
    return free
  }

  #passes(change: DecodedChange): boolean {
    const { hash, deps } = change
    const missing = deps.find((dep) => !this.#passed.has(dep))
    if (missing === undefined) {
      this.#waiting.delete(hash)
      this.#passed.add(hash)
      return true
    }
    this.#waiting.set(hash, change)
    const beside = this.#waitingFor.get(missing)
    if (beside === undefined) this.#waitingFor.set(missing, [change])
    else beside.push(change)
    return false
  }
}
