import type { Timers } from '@rejoin/base'

/**
 * Notices that an answer stays out although the connection lives: a proxy may have swallowed a frame. What was
 * asked in one period and is unanswered at the end of the next is overdue, so nothing is kept per question but
 * its name, and an answer may take one to two periods.
 */
export class AnswerWatch {
  readonly #timers: Timers
  readonly #answerMs: number
  readonly #overdue: (what: string) => void
  #old = new Set<string>()
  #young = new Set<string>()
  #cancel: (() => void) | undefined

  constructor(timers: Timers, answerMs: number, overdue: (what: string) => void) {
    this.#timers = timers
    this.#answerMs = answerMs
    this.#overdue = overdue
  }

  asked(what: string): void {
    this.#old.delete(what)
    this.#young.add(what)
    this.#cancel ??= this.#timers.after(this.#answerMs, () => this.#turn())
  }

  answered(what: string): void {
    this.#old.delete(what)
    this.#young.delete(what)
  }

  /** The connection is gone, and every question with it. */
  clear(): void {
    this.#old.clear()
    this.#young.clear()
    this.#cancel?.()
    this.#cancel = undefined
  }

  #turn(): void {
    this.#cancel = undefined
    const [first] = this.#old
    if (first !== undefined) {
      this.clear()
      this.#overdue(first)
      return
    }
    this.#old = this.#young
    this.#young = new Set()
    if (this.#old.size > 0) this.#cancel = this.#timers.after(this.#answerMs, () => this.#turn())
  }
}
