import { inOrder } from '@rejoin/simulator/campaigns'
import type { RunResult } from '../run.ts'
import { cellsOf } from './plan.ts'
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
  isStopped(): boolean
}

/** A run that did not come to its end is broken code; the message is a sentence that names it. */
export class RunLostError extends Error {
  override readonly name = 'RunLostError'
}

/** How far runs may be ahead of a slow one, for each job. */
const aheadPerJob = 64

/** Runs what the log does not have, in the order of the plan, until all is done or it is stopped. */
export async function runCampaign(plan: Plan, { log, workers, jobs, isStopped }: CampaignDeps): Promise<void> {
  const cells = cellsOf(plan)
  for (let done = log.results.length; done > 0; done--) cells.next()
  const next = (): Cell | undefined => (isStopped() ? undefined : (cells.next().value ?? undefined))
  const ran = async (cell: Cell): Promise<readonly [Cell, Answer]> => [cell, await workers.run({ kind: 'cell', cell })]
  for await (const [cell, answer] of inOrder(next, ran, { jobs, ahead: jobs * aheadPerJob })) {
    // What was still running is lost by the stop, and not by a fault of its own.
    if (isStopped()) return
    log.append(resultOf(cell, answer))
  }
}

function resultOf({ policy, workload, conditions, seed }: Cell, answer: Answer): RunResult {
  if (answer.kind === 'ran') return answer.result
  const why = answer.kind === 'lost' ? answer.message : 'its worker answered something else'
  throw new RunLostError(`The run of ${policy}, ${workload}, ${conditions.name}, seed ${seed} failed: ${why}`)
}
