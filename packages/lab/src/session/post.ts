import type { Sent } from './copy.ts'

/** What was sent, until all have it: whole texts are too large to keep them all. */
export class Post {
  readonly #waiting = new Map<number, { readonly sent: Sent; left: number }>()
  readonly #readers: number

  /** How many are to have each. */
  constructor(readers: number) {
    this.#readers = readers
  }

  put(index: number, sent: Sent): void {
    if (this.#readers > 0) this.#waiting.set(index, { sent, left: this.#readers })
  }

  /** How many are kept. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Undefined if that transaction sent nothing. */
  fetch(index: number): Sent | undefined {
    const found = this.#waiting.get(index)
    if (found !== undefined && --found.left === 0) this.#waiting.delete(index)
    return found?.sent
  }
}
