import { invariant, nextStamp } from '@rejoin/base'
import type { Clock, Stamp } from '@rejoin/base'

/** What is written, kept and lost as a whole: a document with all that is in it, or each of its registers by itself. */
export type Unit = 'record' | 'field'

/** What decides which of two writes stands. */
export type Policy =
  /** The later time: that of the writer's clock as it is, or a hybrid clock, which is above all it has seen. */
  | { readonly unit: Unit; readonly order: 'wall-clock' | 'hybrid-clock'; readonly clock: Clock }
  /** The later place in the log. */
  | { readonly unit: Unit; readonly order: 'arrival' }
  /**
   * `server-wins`: whoever had not seen what the server has by then is dropped. `client-wins`: it is overwritten, and
   * so by the last to arrive.
   */
  | { readonly unit: 'record'; readonly order: 'server-wins' | 'client-wins' }

export type Order = Policy['order']

/** Their place is their form in bytes. */
export const units: readonly Unit[] = ['record', 'field']
export const orders: readonly Order[] = ['wall-clock', 'hybrid-clock', 'arrival', 'server-wins', 'client-wins']

export function checkPolicy(policy: Policy): void {
  const { unit, order }: { readonly unit: Unit; readonly order: Order } = policy
  invariant(units.includes(unit) && orders.includes(order), 'a unit and an order that exist')
  invariant(unit === 'record' || (order !== 'server-wins' && order !== 'client-wins'), `${order} decides on records`)
  invariant(decidesByArrival(order) || 'clock' in policy, `${order} reads a clock`)
}

/** Whether the place in the log counts, and no clock. */
export const decidesByArrival = (order: Order): boolean => order !== 'wall-clock' && order !== 'hybrid-clock'

/** The time of a write after those up to `seen`; `given` is the greatest of its stamps. */
export function timeOf(policy: Policy, seen: number, given: Stamp): number {
  switch (policy.order) {
    case 'wall-clock': {
      const now = Math.floor(policy.clock.now())
      return Number.isSafeInteger(now) && now > 0 ? now : 0
    }
    case 'hybrid-clock':
      return Math.max(given, nextStamp(seen, policy.clock.now()))
    default:
      // No time at all: what was written knowing of another comes behind it until the log has placed both.
      return Math.min(seen + 1, Number.MAX_SAFE_INTEGER)
  }
}
