import type { Clock, Random, Timers } from '@rejoin/base'

/** The real world, by what browsers and Node have in common. */
export const systemClock: Clock = { now: () => Date.now() }

export const systemTimers: Timers = {
  after(delayMs, fire) {
    const timer = setTimeout(fire, Math.min(delayMs, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  float: () => Math.random(),
}

/** Milliseconds since some moment, never backwards. */
export const systemElapsed = (): number => performance.now()
