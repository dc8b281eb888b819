/** What can be due: `dueAt` is the one time that counts, 0 for none. Setting another cancels the earlier. */
export interface Timed {
  dueAt: number
}

interface Alarm<T extends Timed> {
  readonly at: number
  readonly what: T
}

/**
 * Deadlines in elapsed milliseconds. Elapsed time is the sum of the steps forward of the wall clock, so a clock
 * set back delays nothing and one set forward only makes waits shorter.
 */
export class Alarms<T extends Timed> {
  #heap: Alarm<T>[] = []
  #wall = Number.NaN
  #elapsed = 1

  get elapsed(): number {
    return this.#elapsed
  }

  advance(wall: number): void {
    if (!Number.isFinite(wall)) return
    if (wall > this.#wall) this.#elapsed += wall - this.#wall
    this.#wall = wall
  }

  set(what: T, delayMs: number): void {
    what.dueAt = this.#elapsed + Math.max(1, Math.ceil(delayMs))
    this.#heap.push({ at: what.dueAt, what })
    this.#rise(this.#heap.length - 1)
  }

  /** The wall clock time of the next deadline. */
  next(): number | undefined {
    const top = this.#top()
    return top === undefined ? undefined : Math.ceil(this.#wall + (top.at - this.#elapsed))
  }

  /** The timer fired: time is at least the next deadline, whatever the wall clock says. */
  fire(): T[] {
    const top = this.#top()
    const due: T[] = []
    if (top === undefined) return due
    this.#elapsed = Math.max(this.#elapsed, top.at)
    for (let next: Alarm<T> | undefined = top; next !== undefined && next.at <= this.#elapsed; next = this.#top()) {
      next.what.dueAt = 0
      due.push(next.what)
    }
    return due
  }

  /** The first alarm that still counts; those that do not are dropped. */
  #top(): Alarm<T> | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (top.what.dueAt === top.at) return top
      this.#pop()
    }
    return undefined
  }

  #pop(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1
      if (this.#at(parent) <= this.#at(i)) return
      this.#swap(i, parent)
      i = parent
    }
  }

  #sink(from: number): void {
    for (let i = from; ;) {
      let least = 2 * i + 1
      if (this.#at(least + 1) < this.#at(least)) least++
      if (this.#at(i) <= this.#at(least)) return
      this.#swap(i, least)
      i = least
    }
  }

  #at(i: number): number {
    return this.#heap[i]?.at ?? Number.POSITIVE_INFINITY
  }

  #swap(i: number, j: number): void {
    const a = this.#heap[i]
    const b = this.#heap[j]
    if (a === undefined || b === undefined) return
    this.#heap[i] = b
    this.#heap[j] = a
  }
}
