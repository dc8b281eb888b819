import type { FaultKind } from '../schedule/faults.ts'
import type { EngineMix } from '../schedule/schedule.ts'
import type { Counts } from './runner.ts'
import type { Verdict } from './verdict.ts'
import type { CampaignAsked } from './words.ts'

/** Everything that is known of a campaign after some of its seeds. Plain JSON: a file keeps it. */
export interface State {
  readonly campaign: Campaign
  /** The first seed that is not yet in the sums. */
  readonly next: number
  /** Real time that it has taken, all sittings together. */
  readonly elapsedMs: number
  readonly sums: Sums
  /** The first of them. */
  readonly failures: readonly Failure[]
  readonly hasEnded: boolean
}

/** What makes two campaigns the same one. */
export interface Campaign {
  readonly from: number
  readonly seeds: number | null
  readonly forMs: number | null
  readonly faults: readonly FaultKind[] | null
  readonly engines: EngineMix | null
}

export interface Sums {
  readonly seeds: number
  readonly failed: number
  readonly edits: number
  readonly steps: number
  readonly virtualMs: number
  /** Seeds that ran again, to compare their traces. */
  readonly compared: number
  /** Connections that were asked for while nobody was let in, and how many there may be. */
  readonly tried: number
  readonly allowed: number
  readonly counts: Counts
}

export interface Failure {
  readonly seed: number
  readonly wrong: readonly string[]
  /** Where its schedule is. */
  readonly file: string | null
}

export const campaignOf = ({ from, seeds, forMs, faults, engines }: CampaignAsked): Campaign => ({
  from,
  seeds: seeds ?? null,
  forMs: forMs ?? null,
  faults: faults ?? null,
  engines: engines ?? null,
})

export const begin = (campaign: Campaign): State => ({
  campaign,
  next: campaign.from,
  elapsedMs: 0,
  sums: { seeds: 0, failed: 0, edits: 0, steps: 0, virtualMs: 0, compared: 0, tried: 0, allowed: 0, counts: {} },
  failures: [],
  hasEnded: false,
})

/** So many failing seeds are remembered; the others are only counted. */
const failuresMax = 100

/** The state with the next seed in it. */
export function afterVerdict(state: State, verdict: Verdict, failure: Failure | undefined): State {
  const { seed, result, wasCompared } = verdict
  const { sums, failures } = state
  // A lost seed has nothing to add but itself.
  const ran = result.kind === 'ran' ? result : nothing
  return {
    ...state,
    next: seed + 1,
    failures: failure === undefined ? failures : [...failures, failure].slice(0, failuresMax),
    sums: {
      seeds: sums.seeds + 1,
      failed: sums.failed + (failure === undefined ? 0 : 1),
      edits: sums.edits + ran.edits,
      steps: sums.steps + ran.steps,
      virtualMs: sums.virtualMs + ran.virtualMs,
      compared: sums.compared + (wasCompared ? 1 : 0),
      tried: sums.tried + ran.storms.tried,
      allowed: sums.allowed + ran.storms.allowed,
      counts: added(sums.counts, ran.counts),
    },
  }
}

const nothing = { edits: 0, steps: 0, virtualMs: 0, storms: { tried: 0, allowed: 0 }, counts: {} }

function added(before: Counts, more: Counts): Counts {
  const sum = { ...before }
  for (const [kind, count] of Object.entries(more)) sum[kind] = (sum[kind] ?? 0) + count
  return sum
}

export const printState = (state: State): string => `${JSON.stringify({ version, ...state }, undefined, 2)}\n`

const version = 2

/** The state in a file's text; undefined if it is none that this version writes. */
export function readState(text: string): State | undefined {
  try {
    const value = JSON.parse(text) as (State & { readonly version: number }) | null
    if (value?.version !== version) return undefined
    const { campaign, next, elapsedMs, sums, failures, hasEnded } = value
    const { counts, ...whole } = sums
    const numbers = [campaign.from, next, elapsedMs, whole.failed, ...Object.values(whole)]
    const isWhole = numbers.every(Number.isFinite) && Array.isArray(failures) && typeof counts === 'object'
    return isWhole && typeof hasEnded === 'boolean'
      ? { campaign, next, elapsedMs, sums, failures, hasEnded }
      : undefined
  } catch {
    return undefined
  }
}

/** The words that ask for a campaign. */
export function wordsOf({ from, seeds, forMs, faults, engines }: Campaign): string {
  const words = [`--from ${from}`]
  if (seeds !== null) words.push(`--seeds ${seeds}`)
  if (forMs !== null) words.push(`--time ${forMs / 1_000}s`)
  if (faults !== null) words.push(`--faults ${faults.join(',')}`)
  if (engines !== null) words.push(`--engines ${engines}`)
  return words.join(' ')
}
