import type { RunResult } from '../run.ts'
import { csvOf } from './csv.ts'
import type { Plan } from './plan.ts'

export interface Done {
  readonly plan: Plan
  /** All runs of the plan, in its order. */
  readonly results: readonly RunResult[]
}

export interface WrittenFile {
  readonly name: string
  readonly text: string
}

/** What lies in the folder of a campaign once it has ended, beside its `runs.jsonl`. */
export function filesOf({ plan, results }: Done): readonly WrittenFile[] {
  return [
    { name: 'runs.csv', text: csvOf(results) },
    { name: 'runs.json', text: `${JSON.stringify({ plan, runs: results }, undefined, 1)}\n` },
  ]
}
