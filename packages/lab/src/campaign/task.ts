import { policies } from '../policies/index.ts'
import type { Policy } from '../policies/policy.ts'
import { run } from '../run.ts'
import type { RunResult } from '../run.ts'
import { playSession } from '../session/play.ts'
import type { Session } from '../session/session.ts'
import { sumSchedules } from '../schedules/schedules.ts'
import type { Batch, Summed } from '../schedules/schedules.ts'
import { workloads } from '../workloads/index.ts'
import type { Outcome } from './outcome.ts'
import { named } from './plan.ts'
import type { Cell } from './plan.ts'

/** What a worker is asked to do. Plain data, because it comes from another thread. */
export type Task =
  | Extract<Cell, { kind: 'run' }>
  | {
      readonly kind: 'session'
      readonly policy: string
      readonly session: Session
      readonly skewMs: readonly number[]
    }
  | { readonly kind: 'schedules'; readonly batch: Batch }

export type Answer =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'summed'; readonly summed: Summed }
  | { readonly kind: 'lost'; readonly message: string }

export async function perform(task: Task): Promise<Answer> {
  try {
    switch (task.kind) {
      case 'run':
        return { kind: 'done', outcome: { kind: 'run', ...(await runCell(task)) } }
      case 'session': {
        const { session, policy, skewMs } = task
        return {
          kind: 'done',
          outcome: { kind: 'session', ...(await playSession(session, policyOf(policy), { skewMs })) },
        }
      }
      case 'schedules':
        return { kind: 'summed', summed: await sumSchedules(task.batch) }
    }
  } catch (cause) {
    return { kind: 'lost', message: cause instanceof Error ? cause.message : String(cause) }
  }
}

function runCell({ policy, workload: name, conditions, seed }: Extract<Cell, { kind: 'run' }>): Promise<RunResult> {
  const [workload] = named('workload', workloads, [name])
  if (workload === undefined) throw new RangeError('A run needs a workload.')
  return run({ policy: policyOf(policy), workload, conditions, seed })
}

function policyOf(name: string): Policy {
  const [policy] = named('policy', policies, [name])
  if (policy === undefined) throw new RangeError('A run needs a policy.')
  return policy
}
