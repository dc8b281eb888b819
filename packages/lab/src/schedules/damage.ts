import { isAmount, isCount, isText, spoiltPart } from '../campaign/whole-outcome.ts'
import { noSums } from './schedules.ts'

type Fields = Readonly<Record<string, unknown>>

/** Of batches without an answer, of which nobody knows under which policy they hung. */
const nobody = 'any'

/** The first part of a state that it cannot have, if there is one. What is valid JSON may have been written by anybody. */
export function damageIn(state: Fields): string | undefined {
  const { campaign, next, sums } = state
  if (!isObject(campaign) || !isCampaign(campaign)) return 'campaign'
  const [from, count] = [Number(campaign['from']), Number(campaign['count'])]
  const policies = campaign['policies'] as readonly string[]
  if (!isCount(next) || Number(next) < from || Number(next) > from + count) return 'next'
  if (!isAmount(state['elapsedMs'])) return 'elapsedMs'
  if (!isObject(sums)) return 'sums'
  const spoilt = damageInSums(sums, policies, Number(next) - from)
  if (spoilt !== undefined) return spoilt
  const isSeed = (seed: unknown): boolean => isCount(seed) && Number(seed) >= from && Number(seed) < Number(next)
  const { failures } = state
  if (!Array.isArray(failures) || !failures.every((each) => isFailure(each, policies, isSeed))) return 'failures'
  const isEnd = campaign['forMs'] !== null || Number(next) === from + count
  return state['hasEnded'] === false || (state['hasEnded'] === true && isEnd) ? undefined : 'hasEnded'
}

const isCampaign = ({ policies, from, count, forMs }: Fields): boolean =>
  Array.isArray(policies) &&
  policies.every(isText) &&
  isCount(from) &&
  isCount(count) &&
  Number.isSafeInteger(Number(from) + Number(count)) &&
  (forMs === null || isAmount(forMs))

/** Every schedule is a run under each policy, or is in a batch that has no answer. */
function damageInSums(sums: Fields, policies: readonly string[], schedules: number): string | undefined {
  const names = Object.keys(sums)
  const other = names.find((name) => name !== nobody && !policies.includes(name))
  if (other !== undefined) return `sums of ${other}`
  for (const name of names) {
    const each = sums[name]
    if (!isObject(each)) return `sums of ${name}`
    const part = spoiltPart(each, sumChecks)
    if (part !== undefined) return `${part} of ${name}`
  }
  const runsOf = (name: string): number => Number((sums[name] as Fields | undefined)?.['runs'] ?? 0)
  const [first = nobody] = policies
  const isLost = names.includes(nobody)
  const wrong = policies.find((name) =>
    isLost ? runsOf(name) !== runsOf(first) || runsOf(name) >= schedules : runsOf(name) !== schedules,
  )
  return wrong === undefined ? undefined : `runs of ${wrong}`
}

const sumChecks = Object.fromEntries(Object.keys(noSums).map((part) => [part, isCount]))

const isFailure = (value: unknown, policies: readonly string[], isSeed: (seed: unknown) => boolean): boolean =>
  isObject(value) &&
  isSeed(value['seed']) &&
  isText(value['policy']) &&
  [...policies, nobody].includes(String(value['policy'])) &&
  Array.isArray(value['wrong']) &&
  value['wrong'].every(isText)

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
