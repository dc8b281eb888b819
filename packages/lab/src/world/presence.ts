import type { Dice } from '@rejoin/simulator/network'
import type { Conditions } from './conditions.ts'

/** A stretch of virtual time, in milliseconds. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** When a device has a network. Between two stretches it has none, for `apartMs` on average. */
export function stretchesOnline({ apartMs, durationMs, delayMs }: Conditions, from: number, dice: Dice): Stretch[] {
  const end = from + durationMs
  if (apartMs === 0) return [{ from: 0, to: end }]
  // Somewhere in a stretch already, so that devices do not all come back together.
  let at = from + dice.float() * apartMs
  const stretches: Stretch[] = [{ from: 0, to: from }]
  while (at < end) {
    const to = Math.min(end, at + Math.max(apartMs * togetherShare, 20 * delayMs))
    stretches.push({ from: at, to })
    at = to + dice.between(0.5, 1.5) * apartMs
  }
  return stretches
}

/** A device that was away for three hours stays for nine minutes; however short it was away, for ten round trips. */
const togetherShare = 0.05

/** When a person does something: in sittings, within which things follow each other quickly. */
export function momentsOf({ edits, durationMs }: Conditions, from: number, dice: Dice): readonly number[] {
  const moments: number[] = []
  while (moments.length < edits) {
    let at = from + dice.float() * durationMs
    for (let left = dice.below(2 * sittingMean) + 1; left > 0 && moments.length < edits; left--) {
      moments.push(Math.min(at, from + durationMs))
      at += -Math.log(1 - dice.float()) * pauseMs
    }
  }
  return moments.sort((a, b) => a - b)
}

const sittingMean = 10
const pauseMs = 15_000
