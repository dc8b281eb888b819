import { silent } from '@rejoin/base'
import type { Log } from '@rejoin/base'
import { hashes } from '../platform/ports.ts'
import type { ServerPorts } from '../ports.ts'

/** A world that moves only when it is told to: a clock, timers and turns of the loop. */
export interface World {
  readonly ports: ServerPorts
  now: number
  /** Runs everything that is due now, and what follows from it. */
  settle(): Promise<void>
  /** Lets time pass, firing each timer at its time. */
  pass(ms: number): Promise<void>
}

interface Timer {
  readonly dueMs: number
  readonly order: number
  readonly fire: () => void
}

/** Random bytes from a seed (xorshift32): the same world every time. */
export function createWorld(seed = 1, log: Log = silent): World {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  let order = 0
  let timers: Timer[] = []
  let turns: (() => void)[] = []
  const world: World = {
    now: Date.UTC(2026, 0, 1),
    ports: {
      clock: { now: () => world.now },
      timers: {
        after: (delayMs, fire) => {
          const timer = { dueMs: world.now + delayMs, order: order++, fire }
          timers.push(timer)
          return () => (timers = timers.filter((one) => one !== timer))
        },
      },
      random: { bytes: (count) => Uint8Array.from({ length: count }, next), float: () => next() / 2 ** 32 },
      log,
      hashes,
      soon: (fire) => void turns.push(fire),
    },
    settle: async () => {
      for (let idle = 0; idle < 2;) {
        await new Promise((resolve) => setImmediate(resolve))
        const due = turns
        turns = []
        for (const fire of due) fire()
        idle = due.length > 0 ? 0 : idle + 1
      }
    },
    pass: async (ms) => {
      const end = world.now + ms
      await world.settle()
      for (;;) {
        const [first] = timers
          .filter((timer) => timer.dueMs <= end)
          .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)
        if (first === undefined) break
        world.now = Math.max(world.now, first.dueMs)
        timers = timers.filter((one) => one !== first)
        first.fire()
        await world.settle()
      }
      world.now = end
    },
  }
  return world
}
