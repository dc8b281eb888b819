export interface Alarm {
  readonly at: number
  /** Alarms of one moment go off in the order in which they were set. */
  readonly order: number
  readonly fire: () => void
  cancelled: boolean
}

/** Alarms by their time: a binary heap. */
export class Alarms {
  readonly #heap: Alarm[] = []

  push(alarm: Alarm): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(alarm)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(alarm, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = alarm
  }

  /** Takes out the earliest alarm, if it is not later than `untilMs`. */
  pop(untilMs: number): Alarm | undefined {
    const [first] = this.#heap
    if (first === undefined || first.at > untilMs) return undefined
    const last = this.#heap.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first
  }

  /** Puts the alarm where it belongs, from the top down. */
  #sink(alarm: Alarm): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const child = this.#earlierChild(at)
      const below = heap[child]
      if (below === undefined || !isBefore(below, alarm)) break
      heap[at] = below
      at = child
    }
    heap[at] = alarm
  }

  #earlierChild(at: number): number {
    const left = 2 * at + 1
    const leftAlarm = this.#heap[left]
    const rightAlarm = this.#heap[left + 1]
    return leftAlarm !== undefined && rightAlarm !== undefined && isBefore(rightAlarm, leftAlarm) ? left + 1 : left
  }
}

const isBefore = (a: Alarm, b: Alarm): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
