import { Failure } from '../failure.ts'
import type { Child } from '../platform/child.ts'
import type { Trace } from '@rejoin/lab/trace'
import type { Cast, CastOptions } from './cast.ts'
import type { Strike } from './director.ts'
import type { Ledger, LedgerShow } from './ledger.ts'
import type { Plan } from './plan.ts'
import type { AuthorCalls, ReplicaCalls, ServerCalls, TraceChoice } from './roles.ts'
import type { Found } from './verdict.ts'

/** How long replicas may take to come level once nothing is written any more. */
export const settleWithinMs = 60_000

export interface SessionOptions extends Omit<CastOptions, 'died'> {
  readonly trace: Trace
  readonly choice: TraceChoice
  readonly plan: Plan
  readonly show: SessionShow
}

export interface SessionShow extends LedgerShow {
  killed(strike: Strike, position: number, unacked: number): void
  restarted(strike: Strike, position: number): void
  phase(text: string): void
}

/** A running session as its parent process sees it. */
export interface Session {
  readonly options: SessionOptions
  readonly cast: Cast
  readonly ledger: Ledger
  /** The writes that had no ack at each kill. */
  readonly unacked: Record<Strike, number[]>
  /** Sentences on what was not as promised. */
  readonly onTheWay: string[]
  server: Child<ServerCalls> | undefined
  author: Child<AuthorCalls> | undefined
  /** A server that is being killed and started again. */
  restarting: Promise<void> | undefined
}

export type AnyReplica = Pick<Child<ReplicaCalls>, 'call'>

export const foundIn = async (name: string, child: AnyReplica, level: boolean): Promise<Found> => ({
  name,
  level,
  inspection: await child.call('inspect', undefined),
})

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Failure('A process of the session is missing.')
  return value
}
