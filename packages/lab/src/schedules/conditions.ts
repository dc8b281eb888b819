import { diceOf } from '@rejoin/simulator/network'
import type { Conditions } from '../world/conditions.ts'

const minute = 60_000
const hour = 60 * minute

/** Two or three devices that make about eight edits each, with dials that the seed sets. */
export function tinyConditions(seed: number): Conditions {
  const dice = diceOf(seed, 'tiny conditions')
  const pick = <T>(...values: readonly [T, ...T[]]): T => values[dice.below(values.length)] ?? values[0]
  return {
    name: 'tiny',
    devices: pick(2, 3),
    durationMs: pick(minute, hour, 24 * hour),
    edits: 5 + dice.below(7),
    apartMs: pick(0, minute, 10 * minute, 4 * hour),
    contention: 1,
    skewMs: pick(0, 1_000, minute),
    delayMs: pick(10, 50, 500),
    bytesPerMs: pick(1, 1_000),
  }
}
