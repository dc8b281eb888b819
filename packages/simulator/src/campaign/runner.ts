import type { FaultKind } from '../schedule/faults.ts'
import type { UnrollOptions } from '../schedule/schedule.ts'
import type { Schedule } from '../schedule/types.ts'
import type { Vocabulary } from '../schedule/vocabulary.ts'

/** What a campaign needs of the simulator; workers import it from a module that exports it as `runner`. */
export interface Runner {
  readonly vocabulary: Vocabulary
  /** What can be chosen for a seed. */
  readonly faults: readonly FaultKind[]
  /** What is counted: the faults, and what comes of them. */
  readonly counted: readonly FaultKind[]
  scheduleOf(seed: number, options: UnrollOptions): Schedule
  runSchedule(schedule: Schedule, options: { readonly show?: (line: string) => void }): Promise<Ran>
  /** Runs a schedule with other clocks; what is wrong has what they changed. */
  runWithOtherClocks(schedule: Schedule): Promise<Ran>
}

/** How the run of a schedule went. */
export interface Ran {
  /** Each broken promise, as a sentence with its invariant: `[I1] …`. */
  readonly wrong: readonly string[]
  readonly trace: string
  readonly counts: { of(kind: FaultKind): number }
  readonly edits: number
  readonly steps: number
  readonly virtualMs: number
  /** Connections that were asked for while nobody was let in, and how many there may be in the mean. */
  readonly storms: { readonly tried: number; readonly allowed: number }
  /** The same one, with the strikes that struck listed. */
  readonly schedule: Schedule
}

export type Task =
  | { readonly kind: 'seed'; readonly seed: number; readonly options: UnrollOptions }
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  | { readonly kind: 'clocks'; readonly schedule: Schedule }

/** What comes of a task: plain data, because it comes from another thread. */
export type Result = RanResult | { readonly kind: 'lost'; readonly message: string }

export interface RanResult extends Omit<Ran, 'counts'> {
  readonly kind: 'ran'
  readonly counts: Counts
}

/** How often each kind happened. */
export type Counts = Readonly<Record<string, number>>

/** Where tasks run. A task whose worker dies or hangs is lost, and says so; it never rejects. */
export interface Workers {
  run(task: Task): Promise<Result>
  /** Ends everything that runs; what has no result yet is lost. */
  close(): Promise<void>
}

export async function perform(runner: Runner, task: Task): Promise<Result> {
  try {
    if (task.kind === 'clocks') return plain(runner, await runner.runWithOtherClocks(task.schedule))
    const schedule = task.kind === 'schedule' ? task.schedule : runner.scheduleOf(task.seed, task.options)
    return plain(runner, await runner.runSchedule(schedule, {}))
  } catch (cause) {
    return {
      kind: 'lost',
      message: `the simulator itself failed: ${cause instanceof Error ? cause.stack : String(cause)}`,
    }
  }
}

function plain({ counted }: Runner, ran: Ran): RanResult {
  const { wrong, trace, counts, edits, steps, virtualMs, storms, schedule } = ran
  const sums = Object.fromEntries(counted.map((kind) => [kind, counts.of(kind)]))
  return { kind: 'ran', wrong, trace, counts: sums, edits, steps, virtualMs, storms, schedule }
}
