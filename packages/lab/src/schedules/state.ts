import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { damageIn, isObject } from './damage.ts'
import { addedSums } from './schedules.ts'
import type { Failure, Summed, Sums } from './schedules.ts'
import type { Asked } from './words.ts'

/** Everything that is known after some of the schedules. Plain JSON: a file keeps it. */
export interface State {
  readonly campaign: Campaign
  /** The first seed that is not yet in the sums. */
  readonly next: number
  /** Real time that it has taken, all sittings together. */
  readonly elapsedMs: number
  /** By policy. */
  readonly sums: Readonly<Record<string, Sums>>
  /** The first of them; the others are only counted. */
  readonly failures: readonly Failure[]
  readonly hasEnded: boolean
}

/** What makes two campaigns the same one. */
export type Campaign = Pick<Asked, 'policies' | 'from' | 'count'> & { readonly forMs: number | null }

export const campaignOf = ({ policies, from, count, forMs }: Asked): Campaign => ({
  policies,
  from,
  count,
  forMs: forMs ?? null,
})

export const begin = (campaign: Campaign): State => ({
  campaign,
  next: campaign.from,
  elapsedMs: 0,
  sums: {},
  failures: [],
  hasEnded: false,
})

const failuresMax = 20

/** The state with so many more schedules in it. */
export const afterBatch = (state: State, count: number, { sums, failures }: Summed): State => ({
  ...state,
  next: state.next + count,
  sums: addedSums(state.sums, sums),
  failures: [...state.failures, ...failures].slice(0, failuresMax),
})

export const schedulesIn = ({ next, campaign }: State): number => next - campaign.from

/** One for each schedule and policy. */
export const runsIn = ({ sums }: State): number => Object.values(sums).reduce((all, { runs }) => all + runs, 0)

export const perSecondIn = (state: State): number =>
  state.elapsedMs === 0 ? 0 : (schedulesIn(state) / state.elapsedMs) * 1_000

export const failedIn = ({ sums }: State): number => Object.values(sums).reduce((all, { failed }) => all + failed, 0)

const format = 'rejoin lab schedules'
const version = 2

export const printState = (state: State): string => `${JSON.stringify({ format, version, ...state }, undefined, 2)}\n`

/** The state in a file's text. The error is the end of a sentence that begins with the name of the file. */
export function readState(text: string): Result<State, string> {
  const value = parsed(text)
  if (value?.['format'] !== format || value['version'] !== version) return err('is not the state of schedules')
  const damage = damageIn(value)
  if (damage !== undefined)
    return err(`is damaged: its ${damage} cannot be; give another file, or remove it to begin again`)
  const { campaign, next, elapsedMs, sums, failures, hasEnded } = value as unknown as State
  return ok({ campaign, next, elapsedMs, sums, failures, hasEnded })
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The words that ask for a campaign. */
export function wordsOf({ policies, from, count, forMs }: Campaign): string {
  const time = forMs === null ? '' : ` --time ${forMs / 1_000}s`
  return `--policy ${policies.join(',')} --from ${from} --count ${count}${time}`
}
