import type { Vocabulary } from '../schedule/vocabulary.ts'
import { shrinkFinding, writeFinding } from './finding.ts'
import type { Host } from './host.ts'
import { inOrder } from './in-order.ts'
import type { Limits } from './limits.ts'
import { showProgress } from './progress.ts'
import type { Progress } from './progress.ts'
import type { Workers } from './runner.ts'
import { afterVerdict, printState } from './state.ts'
import type { Failure, State } from './state.ts'
import { shortened } from './text.ts'
import { judge } from './verdict.ts'
import type { Question, Verdict } from './verdict.ts'
import type { CampaignAsked } from './words.ts'

export interface CampaignDeps {
  readonly host: Host
  readonly workers: Workers
  readonly vocabulary: Vocabulary
  readonly limits: Limits
}

/** Runs seeds from where the state is until the seeds or the time end, or a signal comes; keeps the state in its file. */
export async function runCampaign(asked: CampaignAsked, before: State, deps: CampaignDeps): Promise<State> {
  const sitting = new Sitting(asked, before, deps)
  const { host, workers, limits } = deps
  const ends = [
    host.every(limits.saveEveryMs, () => sitting.save()),
    host.onInterrupt(() => {
      sitting.isStopped = true
      void workers.close()
    }),
  ]
  try {
    await sitting.run()
    return sitting.state
  } finally {
    for (const end of ends) end()
    sitting.progress.end()
  }
}

const oneInCompared = 100
/** How far seeds may run ahead of a slow one, for each job. */
const aheadPerJob = 64
const sentencesMax = 5

/** What is done of a campaign by one process. */
class Sitting {
  readonly progress: Progress
  isStopped = false
  readonly #asked: CampaignAsked
  readonly #deps: CampaignDeps
  readonly #beganMs: number
  #state: State
  #begun: number

  constructor(asked: CampaignAsked, before: State, deps: CampaignDeps) {
    this.#asked = asked
    this.#deps = deps
    this.#state = before
    this.#begun = before.next
    this.#beganMs = deps.host.nowMs() - before.elapsedMs
    this.progress = showProgress(deps.host, () => this.state)
  }

  get state(): State {
    return { ...this.#state, elapsedMs: this.#elapsedMs }
  }

  save(): void {
    if (this.#asked.resume !== undefined) this.#deps.host.write(this.#asked.resume, printState(this.state))
  }

  async run(): Promise<void> {
    const { jobs } = this.#asked
    const next = (): Question | undefined => this.#next()
    const judged = (question: Question): Promise<Verdict> => judge(question, this.#deps.workers)
    for await (const verdict of inOrder(next, judged, { jobs, ahead: jobs * aheadPerJob })) {
      // What was still running is lost by the signal, and not by a fault of its own.
      if (this.isStopped) break
      const failure = verdict.wrong.length > 0 ? await this.#lookInto(verdict) : undefined
      this.#state = afterVerdict(this.#state, verdict, failure)
      if (failure !== undefined) this.save()
    }
    this.#state = { ...this.#state, hasEnded: !this.isStopped }
    this.save()
  }

  get #elapsedMs(): number {
    return this.#deps.host.nowMs() - this.#beganMs
  }

  #next(): Question | undefined {
    const { from, seeds, forMs, faults, engines } = this.#state.campaign
    const seed = this.#begun
    const isOver = (seeds !== null && seed >= from + seeds) || (forMs !== null && this.#elapsedMs >= forMs)
    if (isOver || this.isStopped) return undefined
    this.#begun += 1
    const options = { faults: faults ?? undefined, engines: engines ?? undefined }
    return { seed, options, compares: (seed - from) % oneInCompared === 0 }
  }

  /** Says what is wrong with a seed, and writes what breaks it, shrunk, as long as files may be written. */
  async #lookInto({ seed, result, wrong }: Verdict): Promise<Failure> {
    const { limits, host } = this.#deps
    const told = wrong.slice(0, sentencesMax).map((sentence) => shortened(sentence))
    const more = wrong.length > told.length ? [`… and ${wrong.length - told.length} more`] : []
    this.progress.say([`seed ${seed}: BROKEN`, ...told, ...more].join('\n  '))
    const files = this.#state.failures.filter(({ file }) => file !== null).length
    // Only what the run itself found can be found again by running its schedule.
    if (result.kind === 'lost' || result.wrong.length === 0 || files >= limits.filesMax)
      return { seed, wrong: told, file: null }
    const deps = { ...this.#deps, progress: this.progress, isStopped: () => this.isStopped }
    const schedule = this.#asked.shrinks ? await shrinkFinding(result, deps) : result.schedule
    const file = writeFinding(schedule, wrong, host)
    this.progress.say(`seed ${seed}: written to ${file}`)
    return { seed, wrong: told, file }
  }
}
