import type { Policy } from '../policies/policy.ts'
import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import type { Conditions } from '../world/conditions.ts'
import type { EntityType, Parameter } from '../workloads/workload.ts'

/** What a report is made of. Plain data. */
export interface ReportInput {
  /** What was typed to make the results. */
  readonly command: string
  readonly policies: readonly PolicyTold[]
  readonly workloads: readonly WorkloadTold[]
  readonly conditions: readonly ConditionsTold[]
  readonly seeds: readonly number[]
  /** In any order; all of them, or those that there are. */
  readonly results: readonly RunResult[]
  /** Of recorded sessions, under each policy. */
  readonly sessions: readonly SessionResult[]
}

export type PolicyTold = Pick<Policy, 'name' | 'about' | 'form' | 'registers'>

export interface WorkloadTold {
  readonly name: string
  readonly about: string
  /** The model of an app, rather than the plain case of one kind of field. */
  readonly isApp: boolean
  readonly parameters: readonly Parameter[]
  readonly entities: Readonly<Record<string, Pick<EntityType, 'shape' | 'count'>>>
  readonly invariants: readonly { readonly name: string }[]
}

export interface ConditionsTold extends Conditions {
  /** One sentence; empty if the dials say it all. */
  readonly about: string
}
