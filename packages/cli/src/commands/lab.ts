import {
  countOfCells,
  filesOf,
  jobsUnlessTold,
  memoryLog,
  openRunFile,
  openWorkers,
  PlanError,
  planOf,
  runCampaign,
  RunLogError,
  RunLostError,
  spanOf,
  writeFiles,
} from '@rejoin/lab/campaign'
import type { Plan, PlanAsked, RunLog } from '@rejoin/lab/campaign'
import type { ExitStatus } from '../exit-status.ts'
import { Failure, WrongWords } from '../failure.ts'
import { jsonOfCampaign, renderCampaign } from '../lab/report.ts'
import { monotonicMs } from '../platform/clock.ts'
import { onInterrupt } from '../platform/signals.ts'
import type { Terminal } from '../platform/terminal.ts'
import { fixed, whole } from '../replay/text.ts'
import { createStatusLine } from '../status-line.ts'
import type { Status } from '../status-line.ts'

export interface LabOptions extends PlanAsked {
  /** Where everything is written, and gone on with. */
  readonly out: string | undefined
  readonly jobs: number | undefined
  readonly json: boolean
}

/** Runs policies under workloads and conditions, and says what each loses. */
export async function lab(options: LabOptions, terminal: Terminal): Promise<ExitStatus> {
  const plan = known(() => planOf(options))
  const { out, json } = options
  const log = known(() => (out === undefined ? memoryLog() : openRunFile(out, plan)))
  try {
    const hasEnded = await runAll(plan, log, options, terminal)
    if (!hasEnded) return 130
    const { results } = log
    if (out !== undefined) writeFiles(out, filesOf({ plan, results }))
    terminal.out(json ? jsonOfCampaign(plan, results) : renderCampaign(plan, results, terminal.colors))
    return 0
  } finally {
    log.close()
  }
}

/** Whether it came to its end. */
async function runAll(plan: Plan, log: RunLog, { jobs = jobsUnlessTold(), out }: LabOptions, terminal: Terminal) {
  const before = log.results.length
  const all = countOfCells(plan)
  if (before === all) return true
  const workers = openWorkers({ jobs })
  const begunMs = monotonicMs()
  const line = createStatusLine(terminal, () => statusOf({ done: log.results.length, before, all, begunMs }))
  if (before > 0) line.say(`${out}: ${whole(before)} of ${whole(all)} runs are there already.`)
  let isStopped = false
  const heard = onInterrupt(() => {
    isStopped = true
    void workers.close()
  })
  try {
    await runCampaign(plan, { log, workers, jobs, isStopped: () => isStopped })
  } catch (cause) {
    throw cause instanceof RunLostError ? new Failure(cause.message, { cause }) : cause
  } finally {
    heard()
    line.end()
    await workers.close()
  }
  if (isStopped) terminal.err(`${stoppedAt(log.results.length, all, out)}\n`)
  return !isStopped
}

function stoppedAt(done: number, all: number, out: string | undefined): string {
  const kept = out === undefined ? 'they are not kept without --out' : `the same command goes on with ${out}`
  return `Stopped after ${whole(done)} of ${whole(all)} runs; ${kept}.`
}

interface Progress {
  readonly done: number
  /** Had been done before this sitting. */
  readonly before: number
  readonly all: number
  readonly begunMs: number
}

function statusOf({ done, before, all, begunMs }: Progress): Status {
  const share = done / all
  const text = `${fixed(100 * share, 1).padStart(5)} % · ${whole(done)} of ${whole(all)} runs`
  if (done === before) return { share, text }
  const leftMs = ((all - done) * (monotonicMs() - begunMs)) / (done - before)
  return { share, text: `${text} · ${spanOf(leftMs)} left` }
}

/** What the person at the terminal can mend, as such. */
function known<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof PlanError) throw new WrongWords(cause.message, { cause })
    throw cause instanceof RunLogError ? new Failure(cause.message, { cause }) : cause
  }
}
