import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import type { Cell } from './plan.ts'

/** What came of one cell of a plan. */
export type Outcome = ({ readonly kind: 'run' } & RunResult) | ({ readonly kind: 'session' } & SessionResult)

export const isOf = (outcome: Outcome, cell: Cell): boolean =>
  outcome.policy === cell.policy &&
  (outcome.kind === 'session'
    ? cell.kind === 'session' && outcome.trace === cell.trace
    : cell.kind === 'run' &&
      outcome.workload === cell.workload &&
      outcome.conditions === cell.conditions.name &&
      outcome.seed === cell.seed)

export const runsOf = (outcomes: readonly Outcome[]): readonly RunResult[] =>
  outcomes.flatMap((outcome) => {
    if (outcome.kind === 'session') return []
    const { kind: _kind, ...result } = outcome
    return [result]
  })

export const sessionsOf = (outcomes: readonly Outcome[]): readonly SessionResult[] =>
  outcomes.flatMap((outcome) => {
    if (outcome.kind === 'run') return []
    const { kind: _kind, ...result } = outcome
    return [result]
  })
