import { grouped, inOrder, spanOf } from '@rejoin/simulator/campaigns'
import type { Host } from '@rejoin/simulator/campaigns'
import type { Workers } from '../campaign/campaign.ts'
import { PlanError } from '../campaign/plan.ts'
import { whyNot } from '../campaign/why-not.ts'
import type { Answer } from '../campaign/task.ts'
import { noSums } from './schedules.ts'
import type { Summed } from './schedules.ts'
import {
  afterBatch,
  begin,
  campaignOf,
  failedIn,
  perSecondIn,
  printState,
  readState,
  schedulesIn,
  wordsOf,
} from './state.ts'
import type { State } from './state.ts'
import { jsonOf, summaryOf } from './summary.ts'
import { readWords, usage } from './words.ts'
import type { Asked } from './words.ts'

export interface CommandDeps {
  readonly host: Host
  openWorkers(options: { readonly jobs: number }): Workers
  /** Schedules in one message to a worker. */
  readonly batch?: number
  readonly saveEveryMs?: number
}

/** 0: nothing that merges lost anything; 1: something did; 2: the words make no sense; 130: it was stopped. */
export type ExitStatus = 0 | 1 | 2 | 130

/** Runs as many tiny schedules as are asked for, and sums up what came of them. */
export async function schedules(words: readonly string[], deps: CommandDeps): Promise<ExitStatus> {
  const { host } = deps
  try {
    const asked = readWords(words, host.cores)
    if (asked !== undefined) return await campaign(asked, deps)
    host.out(usage)
    return 0
  } catch (cause) {
    if (!(cause instanceof PlanError)) throw cause
    host.err(`schedules: ${cause.message}\n`)
    return 2
  }
}

async function campaign(asked: Asked, deps: CommandDeps): Promise<ExitStatus> {
  const { host } = deps
  const before = resumed(asked, host)
  tryToSave(asked, before, host)
  if (before.hasEnded) host.err(`${asked.resume}: these schedules have been run.\n`)
  else if (schedulesIn(before) > 0) host.err(`${asked.resume}: it goes on at seed ${before.next}.\n`)
  const { after, unsaved } = before.hasEnded ? { after: before } : await new Sitting(asked, before, deps).run()
  host.out(asked.json ? jsonOf(after) : summaryOf(after))
  if (unsaved !== undefined) host.err(`schedules: ${unsaved}\n`)
  else if (!after.hasEnded) host.err(`Stopped; ${keptBy(asked)}.\n`)
  if (!after.hasEnded) return 130
  return failedIn(after) === 0 && unsaved === undefined ? 0 : 1
}

const keptBy = ({ resume }: Asked): string =>
  resume === undefined ? 'without --resume it is not gone on with' : `the same command goes on with ${resume}`

/** Where the file says that the campaign is, or its beginning. */
function resumed(asked: Asked, host: Host): State {
  const campaign = campaignOf(asked)
  const text = asked.resume === undefined ? undefined : textOf(asked.resume, host)
  if (text === undefined) return begin(campaign)
  const read = readState(text)
  if (!read.ok) throw new PlanError(`${asked.resume} ${read.error}.`)
  const state = read.value
  if (wordsOf(state.campaign) !== wordsOf(campaign))
    throw new PlanError(`${asked.resume} is of other words: ${wordsOf(state.campaign)}, and not ${wordsOf(campaign)}.`)
  return state
}

function textOf(file: string, host: Host): string | undefined {
  if (host.isFolder(file)) throw new PlanError(`${file} is a folder; give --resume a file.`)
  try {
    return host.read(file)
  } catch (cause) {
    throw new PlanError(`${file} cannot be read: ${whyNot(cause)}; give --resume another file.`, { cause })
  }
}

/** A file that cannot be written is found out before the first schedule, and not after hours. */
function tryToSave({ resume }: Asked, state: State, host: Host): void {
  if (resume === undefined) return
  try {
    host.write(resume, printState(state))
  } catch (cause) {
    throw new PlanError(`${resume} cannot be written: ${whyNot(cause)}; give --resume another file.`, { cause })
  }
}

/** About a second of work: a signal waits for no more. */
const schedulesPerBatch = 50
const aheadPerJob = 8
const usualSaveEveryMs = 3_000
const lineEveryMs = 5_000
const rewrittenEveryMs = 200

/** What is done of a campaign by one process. */
class Sitting {
  readonly #asked: Asked
  readonly #deps: CommandDeps
  readonly #beganMs: number
  #state: State
  #begun: number
  #isStopped = false
  /** Why the file is not as far as the sums. */
  #unsaved: string | undefined

  constructor(asked: Asked, before: State, deps: CommandDeps) {
    this.#asked = asked
    this.#deps = deps
    this.#state = before
    this.#begun = before.next
    this.#beganMs = deps.host.nowMs() - before.elapsedMs
  }

  async run(): Promise<Sat> {
    const { host, openWorkers, saveEveryMs = usualSaveEveryMs } = this.#deps
    const workers = openWorkers({ jobs: this.#asked.jobs })
    const ends = [
      host.every(saveEveryMs, () => this.#save()),
      host.every(host.isLive ? rewrittenEveryMs : lineEveryMs, () => this.#draw()),
      host.onInterrupt(() => {
        this.#isStopped = true
        void workers.close()
      }),
    ]
    try {
      await this.#runAll(workers)
      return { after: this.#now, unsaved: this.#unsaved }
    } finally {
      for (const end of ends) end()
      if (host.isLive) host.err('\r\u001B[2K')
      await workers.close()
    }
  }

  async #runAll(workers: Workers): Promise<void> {
    const { jobs, policies } = this.#asked
    const run = async (batch: Batch): Promise<readonly [Batch, Answer]> => [
      batch,
      await workers.run({ kind: 'schedules', batch: { policies, ...batch } }),
    ]
    for await (const [batch, answer] of inOrder(() => this.#next(), run, { jobs, ahead: jobs * aheadPerJob })) {
      // What was still running is lost by the signal, and not by a fault of its own.
      if (this.#isStopped) break
      this.#state = afterBatch(this.#state, batch.count, answer.kind === 'summed' ? answer.summed : lost(batch, answer))
    }
    this.#state = { ...this.#state, hasEnded: !this.#isStopped }
    this.#save()
  }

  get #now(): State {
    return { ...this.#state, elapsedMs: this.#elapsedMs }
  }

  get #elapsedMs(): number {
    return this.#deps.host.nowMs() - this.#beganMs
  }

  #next(): Batch | undefined {
    const { from, count, forMs } = this.#asked
    const isLate = forMs !== undefined && this.#elapsedMs >= forMs
    const left = from + count - this.#begun
    if (left <= 0 || isLate || this.#isStopped) return undefined
    const batch = { from: this.#begun, count: Math.min(left, this.#deps.batch ?? schedulesPerBatch) }
    this.#begun += batch.count
    return batch
  }

  /** A disk that is full for a while does not end hours of work: the next time may be better. */
  #save(): void {
    const { resume } = this.#asked
    if (resume === undefined) return
    try {
      this.#deps.host.write(resume, printState(this.#now))
      this.#unsaved = undefined
    } catch (cause) {
      this.#unsaved = `${resume} cannot be written: ${whyNot(cause)}; what it goes on from is older than what was run.`
    }
  }

  #draw(): void {
    const { host } = this.#deps
    const line = lineOf(this.#now)
    host.err(host.isLive ? `\r\u001B[2K${line.slice(0, host.columns - 1)}` : `${line}\n`)
  }
}

interface Sat {
  readonly after: State
  readonly unsaved?: string | undefined
}

interface Batch {
  readonly from: number
  readonly count: number
}

/** A schedule that does not end is the fault of all of its batch, as nobody knows which it was. */
function lost({ from, count }: Batch, answer: Answer): Summed {
  const why = answer.kind === 'lost' ? answer.message : 'its worker answered something else'
  const failure = { seed: from, policy: 'any', wrong: [`one of ${count} schedules from here did not end: ${why}`] }
  return { sums: { any: { ...noSums, failed: 1 } }, failures: [failure] }
}

function lineOf(state: State): string {
  const { campaign, elapsedMs } = state
  const done = schedulesIn(state)
  const byCount = done === 0 ? undefined : ((campaign.count - done) * elapsedMs) / done
  const byTime = campaign.forMs === null ? undefined : Math.max(0, campaign.forMs - elapsedMs)
  const leftMs = Math.min(byCount ?? Number.POSITIVE_INFINITY, byTime ?? Number.POSITIVE_INFINITY)
  return [
    `${grouped(done)} of ${grouped(campaign.count)} schedules`,
    `${grouped(failedIn(state))} failed`,
    `${perSecondIn(state).toFixed(0)} a second`,
    ...(Number.isFinite(leftMs) ? [`${spanOf(leftMs)} left`] : []),
  ].join(' · ')
}
