import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import { runsCsv, sessionsCsv } from './csv.ts'
import type { Plan } from './plan.ts'

/** A campaign that has ended. */
export interface Done {
  readonly plan: Plan
  /** All of the plan, in its order. */
  readonly runs: readonly RunResult[]
  readonly sessions: readonly SessionResult[]
}

export interface WrittenFile {
  readonly name: string
  readonly text: string
}

/** What lies in the folder of a campaign once it has ended, beside its `runs.jsonl`. */
export function filesOf(done: Done): readonly WrittenFile[] {
  return [
    { name: 'runs.csv', text: runsCsv(done.runs) },
    { name: 'sessions.csv', text: sessionsCsv(done.sessions) },
    { name: 'runs.json', text: `${JSON.stringify(done, undefined, 1)}\n` },
  ]
}
