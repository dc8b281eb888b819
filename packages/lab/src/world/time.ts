interface Alarm {
  readonly atMs: number
  /** Of two at the same time the one that was set first goes off first. */
  readonly order: number
  readonly act: () => void
}

/** The one time of a world, in milliseconds since its beginning. Nothing in it waits for anything but alarms. */
export class Time {
  #elapsed = 0
  #order = 0
  /** A binary heap: no alarm is later than the two below it, at twice its place and one and two more. */
  readonly #alarms: Alarm[] = []

  get elapsed(): number {
    return this.#elapsed
  }

  /** What should have been already is at once. */
  at(atMs: number, act: () => void): void {
    const alarm = { atMs: Math.max(atMs, this.#elapsed), order: this.#order++, act }
    const alarms = this.#alarms
    let place = alarms.length
    for (let above = (place - 1) >> 1; place > 0; above = (place - 1) >> 1) {
      const upper = alarms[above]
      if (upper === undefined || isBefore(upper, alarm)) break
      alarms[place] = upper
      place = above
    }
    alarms[place] = alarm
  }

  runUntil(untilMs: number): void {
    while (this.#alarms[0] !== undefined && this.#alarms[0].atMs <= untilMs) this.#next()
    this.#elapsed = Math.max(this.#elapsed, untilMs)
  }

  /** Until `done` holds. Returns whether it does: it never will once there are no alarms any more. */
  runUntilDone(done: () => boolean): boolean {
    while (!done()) if (!this.#next()) return false
    return true
  }

  #next(): boolean {
    const [first] = this.#alarms
    const last = this.#alarms.pop()
    if (first === undefined || last === undefined) return false
    if (first !== last) this.#sink(last)
    this.#elapsed = first.atMs
    first.act()
    return true
  }

  /** From the top, as deep as it belongs. */
  #sink(alarm: Alarm): void {
    const alarms = this.#alarms
    let place = 0
    for (;;) {
      const left = alarms[2 * place + 1]
      const right = alarms[2 * place + 2]
      const below = left === undefined || (right !== undefined && isBefore(right, left)) ? right : left
      if (below === undefined || isBefore(alarm, below)) break
      alarms[place] = below
      place = 2 * place + (below === left ? 1 : 2)
    }
    alarms[place] = alarm
  }
}

const isBefore = (a: Alarm, b: Alarm): boolean => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs)
