import { nextStamp, noStamp, observeStamp } from '@rejoin/base'
import type { Clock, Stamp } from '@rejoin/base'

/** One for all that a device holds: what it writes comes after everything that it has read. */
export class HybridClock {
  readonly #clock: Clock
  #last = noStamp

  constructor(clock: Clock) {
    this.#clock = clock
  }

  next(): Stamp {
    this.#last = nextStamp(this.#last, this.#clock.now())
    return this.#last
  }

  observe(stamp: Stamp): void {
    this.#last = observeStamp(this.#last, stamp, this.#clock.now())
  }
}
