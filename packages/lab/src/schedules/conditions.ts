import { diceOf } from '@rejoin/simulator/network'
import type { Conditions } from '../world/conditions.ts'

const minute = 60_000
const hour = 60 * minute

/**
 * Two or three devices that make about eight edits together, with dials that the seed sets. Mostly they are offline for about as long
 * as it lasts, so that nearly every edit is concurrent to some other.
 */
export function tinyConditions(seed: number): Conditions {
  const dice = diceOf(seed, 'tiny conditions')
  const pick = <T>(...values: readonly [T, ...T[]]): T => values[dice.below(values.length)] ?? values[0]
  const durationMs = pick(minute, hour)
  return {
    name: 'tiny',
    devices: pick(2, 3),
    durationMs,
    edits: pick(2, 3, 4, 5),
    apartMs: durationMs * pick(0, 0.25, 1, 2),
    contention: 1,
    skewMs: pick(0, 1_000, minute),
    delayMs: pick(10, 50, 500),
    bytesPerMs: pick(1, 1_000),
  }
}
