import { defaultServerLimits } from '@rejoin/server'
import { tinyServer } from '../world/limits.ts'
import type { World } from '../world/world.ts'

/** Whether what waited for each connection had a limit, and what a hostile user was sent and wrote was as it may be. */
export function checkQueues({ network, people, intruder, schedule, wrong }: World, calmSinceMs: number): void {
  const { bufferedBytesMax } = { ...defaultServerLimits, ...(schedule.conditions.tiny > 0 ? tinyServer : {}) }
  // A connection that is full is sent what was begun, and answers to what it had asked before.
  const limit = 2 * bufferedBytesMax + Math.min(network.frameMax, defaultServerLimits.wire.frameBytesMax)
  for (const { replica } of people) {
    const bytes = network.bufferedMax(replica.name)
    if (bytes > limit) wrong.push(`[I16] ${bytes} bytes waited for ${replica.name}; the limit is ${limit}`)
  }
  wrong.push(...(intruder?.finish(calmSinceMs, limit) ?? []))
}
