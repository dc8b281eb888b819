import type { Timers } from '@rejoin/base'
import type { FaultCounts } from './fault-counts.ts'
import type { VirtualTime } from './time.ts'
import { WallClock } from './wall-clock.ts'

/** The longest delay that a real timer takes; one that is longer, or no number, goes off at once. */
const delayMsMax = 2 ** 31 - 1

/** A computer: it has clocks, it may sleep, and processes live and die on it. */
export class Machine {
  readonly name: string
  readonly clock: WallClock
  readonly #time: VirtualTime
  readonly #counts: FaultCounts
  #isAsleep = false
  /** What came while it slept. */
  #missed: (() => void)[] = []
  /** How long its other clock, which only goes forward, stood still. */
  #stoppedMs = 0
  #processes = 0

  constructor(name: string, time: VirtualTime, counts: FaultCounts, clockOffsetMs = 0) {
    this.name = name
    this.#time = time
    this.#counts = counts
    this.clock = new WallClock(time, clockOffsetMs)
  }

  /** Milliseconds that only go forward; with some kinds of sleep they stand still. */
  get elapsed(): number {
    return this.#time.elapsed - this.#stoppedMs
  }

  get isAsleep(): boolean {
    return this.#isAsleep
  }

  boot(): Process {
    this.#processes += 1
    return new Process(this, this.#processes, this.#time)
  }

  /** Nothing happens on it for so long; then all that was due happens at once. */
  sleep(ms: number, stopsElapsed: boolean): void {
    if (this.#isAsleep) return
    this.#isAsleep = true
    this.#time.after(ms, () => {
      if (stopsElapsed) {
        this.#stoppedMs += ms
        this.#counts.add('clock-parted')
      }
      this.#isAsleep = false
      const missed = this.#missed
      this.#missed = []
      for (const act of missed) this.#time.after(0, act)
    })
  }

  /** Does it now, or when the machine wakes. */
  run(act: () => void): void {
    if (this.#isAsleep) this.#missed.push(act)
    else act()
  }
}

/** One life of a program: once it is dead nothing that it began goes on. */
export class Process {
  readonly machine: Machine
  /** The program's first life on its machine is 1. */
  readonly nth: number
  readonly timers: Timers
  readonly #time: VirtualTime
  #isAlive = true
  #waiting = 0

  constructor(machine: Machine, nth: number, time: VirtualTime) {
    this.machine = machine
    this.nth = nth
    this.#time = time
    this.timers = { after: (delayMs, fire) => this.#after(delayMs, fire) }
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Alarms that are set and have not gone off. */
  get waiting(): number {
    return this.#waiting
  }

  die(): void {
    this.#isAlive = false
  }

  /** Something from outside reaches it: now, or when its machine wakes. */
  run(act: () => void): void {
    if (!this.#isAlive) return
    this.machine.run(() => {
      if (this.#isAlive) act()
    })
  }

  /** Never resolves if it dies meanwhile. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#time.after(ms, () => this.run(resolve)))
  }

  /** As a real timer. */
  #after(delayMs: number, fire: () => void): () => void {
    let isWaiting = true
    this.#waiting += 1
    const settle = (): void => {
      if (isWaiting) this.#waiting -= 1
      isWaiting = false
    }
    const act = (): void => {
      if (!isWaiting) return
      settle()
      fire()
    }
    const cancel = this.#time.after(delayMs <= delayMsMax ? delayMs : 1, () => this.run(act))
    return () => {
      settle()
      cancel()
    }
  }
}
