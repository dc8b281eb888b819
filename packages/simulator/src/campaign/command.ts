import { NotationError } from '../schedule/notation.ts'
import { runCampaign } from './campaign.ts'
import type { Host } from './host.ts'
import { usualLimits } from './limits.ts'
import type { Limits } from './limits.ts'
import { replay } from './replay.ts'
import type { Runner, Workers } from './runner.ts'
import { begin, campaignOf, printState, readState, wordsOf } from './state.ts'
import type { State } from './state.ts'
import { hasHeld, jsonOf, summaryOf } from './summary.ts'
import { readWords, usage, WordsError } from './words.ts'
import type { CampaignAsked } from './words.ts'

export interface CommandDeps {
  readonly runner: Runner
  readonly host: Host
  openWorkers(options: { readonly jobs: number; readonly taskMsMax: number }): Workers
  readonly limits?: Limits
}

/** 0: every promise held; 1: one was broken; 2: the words make no sense; 130: it was stopped. */
export type ExitStatus = 0 | 1 | 2 | 130

/** Runs what the words ask for. */
export async function simulate(words: readonly string[], deps: CommandDeps): Promise<ExitStatus> {
  const { runner, host } = deps
  try {
    const asked = readWords(words, { faults: runner.faults, cores: host.cores })
    if (asked.kind === 'campaign') return await campaign(asked, deps)
    if (asked.kind !== 'help') return await replay(asked, runner, host)
    host.out(usage)
    return 0
  } catch (cause) {
    if (!(cause instanceof WordsError || cause instanceof NotationError)) throw cause
    host.err(`simulate: ${cause.message}\n`)
    return 2
  }
}

async function campaign(
  asked: CampaignAsked,
  { runner, host, openWorkers, limits = usualLimits }: CommandDeps,
): Promise<ExitStatus> {
  const { vocabulary, counted } = runner
  const before = resumed(asked, host)
  tryToSave(asked, before, host)
  if (before.hasEnded) host.err(`${asked.resume}: this campaign has ended.\n`)
  else if (before.next > asked.from) host.err(`${asked.resume}: it goes on at seed ${before.next}.\n`)
  const after = before.hasEnded ? before : await run(before)
  host.out(asked.json ? jsonOf(after, counted) : summaryOf(after, counted))
  if (!after.hasEnded) return 130
  return hasHeld(after, counted) ? 0 : 1

  async function run(before: State): Promise<State> {
    const workers = openWorkers({ jobs: asked.jobs, taskMsMax: limits.taskMsMax })
    try {
      return await runCampaign(asked, before, { host, workers, vocabulary, limits })
    } finally {
      await workers.close()
    }
  }
}

/** Where the file says that the campaign is, or its beginning. */
function resumed(asked: CampaignAsked, host: Host): State {
  const campaign = campaignOf(asked)
  const text = asked.resume === undefined ? undefined : host.read(asked.resume)
  if (text === undefined) return begin(campaign)
  const state = readState(text)
  if (state === undefined) throw new WordsError(`${asked.resume} is not the state of a campaign.`)
  if (wordsOf(state.campaign) !== wordsOf(campaign))
    throw new WordsError(
      `${asked.resume} is of another campaign: ${wordsOf(state.campaign)}, and not ${wordsOf(campaign)}.`,
    )
  return state
}

/** A file that cannot be written is found out before the first seed, and not after hours. */
function tryToSave({ resume }: CampaignAsked, state: State, host: Host): void {
  if (resume === undefined) return
  try {
    host.write(resume, printState(state))
  } catch (cause) {
    throw new WordsError(`${resume} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`)
  }
}
