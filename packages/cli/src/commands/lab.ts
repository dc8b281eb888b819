import { sessionOf } from '@rejoin/lab'
import type { Session } from '@rejoin/lab'
import {
  countOfCells,
  filesOf,
  jobsMost,
  jobsUnlessTold,
  memoryLog,
  onInterrupt,
  openRunFile,
  openWorkers,
  PlanError,
  planOf,
  reportFiles,
  runCampaign,
  RunLogError,
  RunLostError,
  runsOf,
  sessionsOf,
  writeFiles,
} from '@rejoin/lab/campaign'
import type { Plan, PlanAsked, RunLog } from '@rejoin/lab/campaign'
import type { ExitStatus } from '../exit-status.ts'
import { Failure, WrongWords } from '../failure.ts'
import { statusOf, stoppedAt } from '../lab/progress.ts'
import { jsonOfCampaign, renderCampaign } from '../lab/report.ts'
import { monotonicMs } from '../platform/clock.ts'
import type { Terminal } from '../platform/terminal.ts'
import { readAnyTrace } from '../platform/trace-file.ts'
import { whole } from '../replay/text.ts'
import { createStatusLine } from '../status-line.ts'

export interface LabOptions extends Omit<PlanAsked, 'sessions' | 'isOnlySessions'> {
  /** Only this session, and no workload. */
  readonly trace: string | undefined
  /** Where everything is written, and gone on with. */
  readonly out: string | undefined
  readonly jobs: number | undefined
  readonly json: boolean
}

/** Two authors who wrote at once: what everybody can look up. */
const sessionUnlessTold = 'friendsforever-concurrent'

/** Runs policies under workloads and conditions, and says what each loses. `words` are what was typed, for the report. */
export async function lab(options: LabOptions, terminal: Terminal, words: readonly string[]): Promise<ExitStatus> {
  const { out, json, trace } = options
  // Wrong words are told before a long trace is read.
  if ((options.jobs ?? 1) > jobsMost) throw new WrongWords(`--jobs must be at most ${jobsMost}.`)
  tellWhatIsWrong(() => planOf(options))
  const sessions = sessionsFor(options)
  const plan = tellWhatIsWrong(() => planOf({ ...options, sessions, isOnlySessions: trace !== undefined }))
  const log = tellWhatIsWrong(() => (out === undefined ? memoryLog() : openRunFile(out, plan)))
  try {
    if (!(await runAll({ plan, log, sessions }, options, terminal))) return 130
    const done = { plan, runs: runsOf(log.outcomes), sessions: sessionsOf(log.outcomes) }
    const files =
      out === undefined ? [] : [...filesOf(done), ...(await reportFiles({ ...done, command: typed(words) }))]
    const complaint = out === undefined ? undefined : complaintOf(() => writeFiles(out, files))
    if (!json) terminal.out(renderCampaign(done, terminal.colors))
    else terminal.out(trace === undefined ? jsonOfCampaign(done) : `${JSON.stringify(done.sessions)}\n`)
    // All runs were done, so what they came to is told in any case.
    if (complaint !== undefined) throw complaint
    return 0
  } finally {
    tellWhatIsWrong(() => log.close())
  }
}

/** Why it could not be done, if it is something that the person at the terminal can mend. */
function complaintOf(write: () => void): Failure | undefined {
  try {
    write()
    return undefined
  } catch (cause) {
    if (cause instanceof RunLogError) return new Failure(cause.message, { cause })
    throw cause
  }
}

/** As it is typed in a checkout of the repository, in any shell. */
const typed = (words: readonly string[]): string =>
  [
    'npm run rejoin --',
    ...words.map((word) => (/^[\w./:,=@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)),
  ].join(' ')

/** One that is asked for; else the usual one, unless workloads are chosen. */
function sessionsFor({ trace, workloads, conditions, dials }: LabOptions): readonly Session[] {
  if (trace === undefined)
    return workloads === undefined && conditions === undefined ? [session(sessionUnlessTold, 2)] : []
  if (workloads !== undefined) throw new WrongWords('--workload does not go with --trace.')
  if (conditions !== undefined) throw new WrongWords('--conditions does not go with --trace.')
  return [session(trace, dials?.devices ?? 2)]
}

function session(nameOrFile: string, devices: number): Session {
  const read = sessionOf(readAnyTrace(nameOrFile), { devices })
  if (!read.ok) throw new Failure(`${nameOrFile} ${read.error}`)
  return read.value
}

interface Campaign {
  readonly plan: Plan
  readonly log: RunLog
  readonly sessions: readonly Session[]
}

/** Whether it came to its end. */
async function runAll(
  { plan, log, sessions }: Campaign,
  { jobs = jobsUnlessTold(), out }: LabOptions,
  terminal: Terminal,
): Promise<boolean> {
  const before = log.outcomes.length
  const all = countOfCells(plan)
  if (before > 0) terminal.err(`${out}: ${whole(before)} of ${whole(all)} runs are there already.\n`)
  if (before === all) return true
  const workers = openWorkers({ jobs })
  // A session takes as long as hundreds of runs, so it says nothing of how long these will take.
  const large = plan.workloads.length === 0 ? 0 : plan.sessions.length * plan.sessionPolicies.length
  let begun = { done: before, atMs: monotonicMs() }
  const line = createStatusLine(terminal, () => {
    const done = log.outcomes.length
    if (done < large) begun = { done, atMs: monotonicMs() }
    return statusOf({ done, before: begun.done, all, elapsedMs: monotonicMs() - begun.atMs })
  })
  let isStopped = false
  const unheard = onInterrupt(() => {
    isStopped = true
    void workers.close()
  })
  try {
    await runCampaign(plan, { log, workers, jobs, sessions, isStopped: () => isStopped })
  } catch (cause) {
    throw cause instanceof RunLostError || cause instanceof RunLogError ? new Failure(cause.message, { cause }) : cause
  } finally {
    unheard()
    line.end()
    await workers.close()
  }
  if (isStopped) terminal.err(`${stoppedAt(log.outcomes.length, all, out)}\n`)
  return !isStopped
}

/** What the person at the terminal can mend is said as such. */
function tellWhatIsWrong<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof PlanError) throw new WrongWords(cause.message, { cause })
    throw cause instanceof RunLogError ? new Failure(cause.message, { cause }) : cause
  }
}
