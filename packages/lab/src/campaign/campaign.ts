import { inOrder } from '@rejoin/simulator/campaigns'
import type { Session } from '../session/session.ts'
import type { Outcome } from './outcome.ts'
import { cellsOf, nameOfCell } from './plan.ts'
import type { Cell, Plan } from './plan.ts'
import type { RunLog } from './run-log.ts'
import type { Answer, Task } from './task.ts'

/** Where tasks run; one that is lost says so and never rejects. */
export interface Workers {
  run(task: Task): Promise<Answer>
  close(): Promise<void>
}

export interface CampaignDeps {
  readonly log: RunLog
  readonly workers: Workers
  readonly jobs: number
  /** Those of the plan. */
  readonly sessions: readonly Session[]
  isStopped(): boolean
}

/** A run that did not come to its end is broken code; the message is a sentence that names it. */
export class RunLostError extends Error {
  override readonly name = 'RunLostError'
}

/** How far runs may be ahead of a slow one, for each job. */
const aheadPerJob = 64

/** Runs what the log does not have, in the order of the plan, until all is done or it is stopped. */
export async function runCampaign(plan: Plan, deps: CampaignDeps): Promise<void> {
  const { log, workers, jobs, isStopped } = deps
  const cells = cellsOf(plan)
  for (let done = log.outcomes.length; done > 0; done--) cells.next()
  const next = (): Cell | undefined => (isStopped() ? undefined : (cells.next().value ?? undefined))
  const done = async (cell: Cell): Promise<readonly [Cell, Answer]> => [
    cell,
    await workers.run(taskOf(cell, plan, deps)),
  ]
  for await (const [cell, answer] of inOrder(next, done, { jobs, ahead: jobs * aheadPerJob })) {
    // What was still running is lost by the stop, and not by a fault of its own.
    if (isStopped()) return
    log.append(outcomeOf(cell, answer))
  }
}

function taskOf(cell: Cell, plan: Plan, { sessions }: CampaignDeps): Task {
  if (cell.kind === 'run') return cell
  const session = sessions.find(({ name }) => name === cell.trace)
  if (session === undefined) throw new RangeError(`The session ${cell.trace} of the plan is not there.`)
  const { skewMs = [] } = plan.sessions.find(({ name }) => name === cell.trace) ?? {}
  return { kind: 'session', policy: cell.policy, session, skewMs }
}

function outcomeOf(cell: Cell, answer: Answer): Outcome {
  if (answer.kind === 'done') return answer.outcome
  const why = answer.kind === 'lost' ? answer.message : 'its worker answered something else'
  throw new RunLostError(`The run of ${nameOfCell(cell)} failed: ${why}`)
}
