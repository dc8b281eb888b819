import { namedConditions } from '../campaign/conditions.ts'
import { policies } from '../policies/index.ts'
import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import { apps, workloads } from '../workloads/index.ts'
import type { Conditions } from '../world/conditions.ts'
import type { ConditionsTold, ReportInput } from './input.ts'

/** What was run, by name, and what came of it. */
export interface Ran {
  readonly command: string
  readonly plan: {
    readonly policies: readonly string[]
    readonly workloads: readonly string[]
    readonly conditions: readonly Conditions[]
    readonly from: number
    readonly seeds: number
  }
  readonly runs: readonly RunResult[]
  readonly sessions: readonly SessionResult[]
}

/** With what policies, workloads and conditions say of themselves. */
export const inputOf = ({ command, plan, runs, sessions }: Ran): ReportInput => ({
  command,
  policies: policies.filter(({ name }) => plan.policies.includes(name)),
  workloads: workloads
    .filter(({ name }) => plan.workloads.includes(name))
    .map((workload) => ({ ...workload, isApp: apps.includes(workload) })),
  conditions: plan.conditions.map(toldOf),
  seeds: Array.from({ length: plan.seeds }, (_, nth) => plan.from + nth),
  results: runs,
  sessions,
})

/** Where a dial was turned that its words speak of, conditions are told by their dials alone. */
function toldOf(conditions: Conditions): ConditionsTold {
  const named = namedConditions.find((each) => each.conditions.name === conditions.name)
  const isTrue = named?.speaksOf.every((dial) => named.conditions[dial] === conditions[dial]) === true
  return { ...conditions, about: isTrue ? named.about : '' }
}
