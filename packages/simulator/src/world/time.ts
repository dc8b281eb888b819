import type { Clock, Timers } from '@rejoin/base'
import { drained } from '../platform/drained.ts'

interface Alarm {
  readonly at: number
  /** Alarms of one moment fire in the order in which they were set. */
  readonly order: number
  readonly fire: () => void
  cancelled: boolean
}

/** 2026-01-01Z: any moment after the epoch of stamps does. */
const beginning = Date.UTC(2026, 0, 1)

/** The one time of a simulated world. Nothing moves but by `run`. */
export class VirtualTime implements Timers {
  #elapsed = 0
  #order = 0
  readonly #alarms: Alarm[] = []
  /** Alarms fired so far. */
  steps = 0

  /** Milliseconds since the beginning of the world. */
  get elapsed(): number {
    return this.#elapsed
  }

  after(delayMs: number, fire: () => void): () => void {
    const alarm: Alarm = { at: this.#elapsed + Math.max(0, delayMs), order: this.#order++, fire, cancelled: false }
    this.#push(alarm)
    return () => {
      alarm.cancelled = true
    }
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve))
  }

  /** A machine's wall clock: wrong by `offsetMs()`, which may change. */
  clock(offsetMs: () => number): Clock {
    return { now: () => beginning + this.#elapsed + offsetMs() }
  }

  /** Timers of one process: none of them fires once it is dead. */
  timersOf(isAlive: () => boolean): Timers {
    return {
      after: (delayMs, fire) =>
        this.after(delayMs, () => {
          if (isAlive()) fire()
        }),
    }
  }

  /** Lets time pass until `done` holds or `untilMs` is reached. Returns whether `done` holds. */
  async run(untilMs: number, done: () => boolean): Promise<boolean> {
    await drained()
    while (!done()) {
      const alarm = this.#pop()
      if (alarm === undefined || alarm.at > untilMs) {
        if (alarm !== undefined) this.#push(alarm)
        this.#elapsed = Math.max(this.#elapsed, untilMs)
        return done()
      }
      this.#elapsed = alarm.at
      if (alarm.cancelled) continue
      this.steps++
      alarm.fire()
      await drained()
    }
    return true
  }

  #push(alarm: Alarm): void {
    const heap = this.#alarms
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

  #pop(): Alarm | undefined {
    const heap = this.#alarms
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const leftAlarm = heap[left]
      if (leftAlarm === undefined) break
      const rightAlarm = heap[right]
      const [child, smaller] = rightAlarm !== undefined && isBefore(rightAlarm, leftAlarm) ? [right, rightAlarm] : [left, leftAlarm]
      if (!isBefore(smaller, last)) break
      heap[at] = smaller
      at = child
    }
    heap[at] = last
    return first
  }
}

const isBefore = (a: Alarm, b: Alarm): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
