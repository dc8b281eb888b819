import { policies } from '../policies/index.ts'
import { run } from '../run.ts'
import type { RunResult } from '../run.ts'
import { workloads } from '../workloads/index.ts'
import { sumSchedules } from '../schedules/schedules.ts'
import type { Batch, Summed } from '../schedules/schedules.ts'
import { named } from './plan.ts'
import type { Cell } from './plan.ts'

/** What a worker is asked to do. Plain data, because it comes from another thread. */
export type Task =
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'schedules'; readonly batch: Batch }

export type Answer =
  | { readonly kind: 'ran'; readonly result: RunResult }
  | { readonly kind: 'summed'; readonly summed: Summed }
  | { readonly kind: 'lost'; readonly message: string }

export async function perform(task: Task): Promise<Answer> {
  try {
    if (task.kind === 'schedules') return { kind: 'summed', summed: await sumSchedules(task.batch) }
    return { kind: 'ran', result: await runCell(task.cell) }
  } catch (cause) {
    return { kind: 'lost', message: cause instanceof Error ? cause.message : String(cause) }
  }
}

async function runCell({ policy: policyName, workload: workloadName, conditions, seed }: Cell): Promise<RunResult> {
  const [policy] = named('policy', policies, [policyName])
  const [workload] = named('workload', workloads, [workloadName])
  if (policy === undefined || workload === undefined) throw new RangeError('A run needs a policy and a workload.')
  return run({ policy, workload, conditions, seed })
}
