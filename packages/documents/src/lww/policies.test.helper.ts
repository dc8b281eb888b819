import type { Clock } from '@rejoin/base'
import type { Order, Policy } from './index.ts'

/** Each that there is; those by a clock read this one. */
export const policiesBy = (clock: Clock): readonly Policy[] => [
  { unit: 'record', order: 'wall-clock', clock },
  { unit: 'record', order: 'hybrid-clock', clock },
  { unit: 'record', order: 'arrival' },
  { unit: 'record', order: 'server-wins' },
  { unit: 'record', order: 'client-wins' },
  { unit: 'field', order: 'wall-clock', clock },
  { unit: 'field', order: 'hybrid-clock', clock },
  { unit: 'field', order: 'arrival' },
]

export type Named = `record ${Order}` | `field ${Exclude<Order, 'server-wins' | 'client-wins'>}`

/** Moves on whenever it is read, so that who writes later has the later time. */
export function goingClock(): Clock {
  let now = 1_790_000_000_000
  return { now: () => ++now }
}

/** Autumn 2026, for ever. */
export const standingClock: Clock = { now: () => 1_790_000_000_000 }

/** The same jumps, back and forth, each time. */
export function jumpingClock(): Clock {
  let state = 1
  return { now: () => 1_790_000_000_000 + (state = (state * 48_271) % 2_147_483_647) }
}
