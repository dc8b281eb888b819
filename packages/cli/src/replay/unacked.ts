import type { Faults } from './plan.ts'
import { whole } from './text.ts'

/** A kill waits for its position in the trace and for so many writes without an ack. */
export const unackedAtKillMin = 100

/** A session with fewer transactions for each planned kill may end before so many writes are ever without an ack. */
const transactionsPerKillMin = 5000

/** The length from which on every kill of the session must find writes without an ack. */
export const judgedFrom = ({ kills, serverKills }: Pick<Faults, 'kills' | 'serverKills'>): number =>
  (kills + serverKills) * transactionsPerKillMin

/** Why a kill with too few is no failure, if one is there and the session is too short to be judged by it. */
export function waiver(
  transactions: number,
  planned: Pick<Faults, 'kills' | 'serverKills'>,
  unacked: readonly number[],
): string {
  const from = judgedFrom(planned)
  if (transactions >= from || unacked.every((count) => count >= unackedAtKillMin)) return ''
  return (
    ` (at least ${unackedAtKillMin} is waived: fewer than ${whole(from)} transactions, ` +
    `${whole(transactionsPerKillMin)} for each kill)`
  )
}
