import { brokenIn } from '../campaign/summary.ts'
import { policies } from '../policies/index.ts'
import type { Policy } from '../policies/policy.ts'
import { run } from '../run.ts'
import type { RunResult } from '../run.ts'
import { tiny } from '../workloads/tiny.ts'
import { tinyConditions } from './conditions.ts'

/** Schedules that one worker runs before it answers, each under every policy: a message costs more than a schedule. */
export interface Batch {
  readonly policies: readonly string[]
  readonly from: number
  readonly count: number
}

/** What came of the schedules of a batch. */
export interface Summed {
  readonly sums: Readonly<Record<string, Sums>>
  readonly failures: readonly Failure[]
}

/** Of all schedules under one policy. */
export interface Sums {
  readonly runs: number
  readonly failed: number
  readonly edits: number
  readonly concurrentPairs: number
  readonly effects: number
  readonly lost: number
  readonly misplaced: number
  readonly startLost: number
  readonly ghosts: number
  readonly doubled: number
  readonly invented: number
  readonly overruled: number
  readonly untold: number
  readonly nonConvergent: number
  readonly invariantsBroken: number
}

export interface Failure {
  readonly seed: number
  readonly policy: string
  /** What a policy that merges must not do, in clauses. */
  readonly wrong: readonly string[]
}

export const noSums: Sums = {
  runs: 0,
  failed: 0,
  edits: 0,
  concurrentPairs: 0,
  effects: 0,
  lost: 0,
  misplaced: 0,
  startLost: 0,
  ghosts: 0,
  doubled: 0,
  invented: 0,
  overruled: 0,
  untold: 0,
  nonConvergent: 0,
  invariantsBroken: 0,
}

export async function sumSchedules({ policies: names, from, count }: Batch): Promise<Summed> {
  const sums: Record<string, Sums> = {}
  const failures: Failure[] = []
  const chosen = policies.filter(({ name }) => names.includes(name))
  for (let seed = from; seed < from + count; seed++)
    for (const policy of chosen) {
      const result = await run({ policy, workload: tiny, conditions: tinyConditions(seed), seed })
      const wrong = wrongWith(result, policy)
      if (wrong.length > 0) failures.push({ seed, policy: policy.name, wrong })
      sums[policy.name] = added(sums[policy.name] ?? noSums, sumsOf(result, wrong.length > 0))
    }
  return { sums, failures }
}

/** What does not merge may lose what it likes, and be told so; but nothing may leave devices that differ. */
export function wrongWith(result: RunResult, { form }: Policy): readonly string[] {
  const wrong = result.convergent ? [] : ['devices differ']
  if (form !== 'merging') return wrong
  for (const what of ['lost', 'misplaced', 'startLost', 'ghosts', 'doubled', 'invented'] as const)
    if (result[what] > 0) wrong.push(`${what}: ${result[what]}`)
  for (const [name, count] of Object.entries(result.invariants)) if (count > 0) wrong.push(`${name}: broken ${count} ×`)
  return wrong
}

const sumsOf = (result: RunResult, hasFailed: boolean): Sums => ({
  runs: 1,
  failed: hasFailed ? 1 : 0,
  edits: result.edits,
  concurrentPairs: result.concurrentPairs,
  effects: result.effects,
  lost: result.lost,
  misplaced: result.misplaced,
  startLost: result.startLost,
  ghosts: result.ghosts,
  doubled: result.doubled,
  invented: result.invented,
  overruled: result.overruled,
  untold: result.untold,
  nonConvergent: result.convergent ? 0 : 1,
  invariantsBroken: brokenIn(result),
})

export function addedSums(
  before: Readonly<Record<string, Sums>>,
  more: Readonly<Record<string, Sums>>,
): Readonly<Record<string, Sums>> {
  const sums = { ...before }
  for (const [policy, each] of Object.entries(more)) sums[policy] = added(sums[policy] ?? noSums, each)
  return sums
}

const added = (a: Sums, b: Sums): Sums => ({
  runs: a.runs + b.runs,
  failed: a.failed + b.failed,
  edits: a.edits + b.edits,
  concurrentPairs: a.concurrentPairs + b.concurrentPairs,
  effects: a.effects + b.effects,
  lost: a.lost + b.lost,
  misplaced: a.misplaced + b.misplaced,
  startLost: a.startLost + b.startLost,
  ghosts: a.ghosts + b.ghosts,
  doubled: a.doubled + b.doubled,
  invented: a.invented + b.invented,
  overruled: a.overruled + b.overruled,
  untold: a.untold + b.untold,
  nonConvergent: a.nonConvergent + b.nonConvergent,
  invariantsBroken: a.invariantsBroken + b.invariantsBroken,
})
