import type { Dice } from '@rejoin/simulator/network'
import type { Conditions } from './conditions.ts'

/** A stretch of virtual time, in milliseconds. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** When a device has a network. Between two stretches it has none, for `apartMs` on average. */
export function stretchesOnline(conditions: Conditions, from: number, dice: Dice): Stretch[] {
  const { apartMs, durationMs, delayMs, inRounds } = conditions
  const end = from + durationMs
  if (apartMs === 0) return [{ from: 0, to: end }]
  if (inRounds === true) return [{ from: 0, to: from }, ...endsOfRounds(conditions, from)]
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

/** Just long enough to exchange everything. */
function endsOfRounds({ apartMs, durationMs, delayMs }: Conditions, from: number): Stretch[] {
  const stretches: Stretch[] = []
  for (let to = from + apartMs; to <= from + durationMs; to += apartMs) stretches.push({ from: to - 20 * delayMs, to })
  return stretches
}

/** A device that was away for three hours stays for nine minutes; however short it was away, for ten round trips. */
const togetherShare = 0.05

/** When a person does something: in sittings, within which things follow each other quickly. */
export function momentsOf({ edits, durationMs, inRounds }: Conditions, from: number, dice: Dice): readonly number[] {
  const moments: number[] = []
  while (moments.length < edits) {
    let at = from + dice.float() * durationMs
    const sitting = inRounds === true ? 1 : dice.below(2 * sittingMean) + 1
    for (let left = sitting; left > 0 && moments.length < edits; left--) {
      moments.push(Math.min(at, from + durationMs))
      at += -Math.log(1 - dice.float()) * pauseMs
    }
  }
  return moments.sort((a, b) => a - b)
}

const sittingMean = 10
const pauseMs = 15_000
