import { parseArgs } from 'node:util'
import { jobsMost, lastSeed, seedMost } from '../campaign/bounds.ts'
import { named, PlanError } from '../campaign/plan.ts'
import { policies } from '../policies/index.ts'

export const usage = `usage: npm run schedules -- [--count 1000000] [--time 1h] [--policy yjs,automerge] [--from S]
                            [--jobs N] [--resume FILE] [--json]
`

/** Schedules from a seed on, each under every policy. */
export interface Asked {
  readonly policies: readonly string[]
  readonly from: number
  /** It ends after so many schedules, after so much time, or after what comes first. */
  readonly count: number
  readonly forMs: number | undefined
  readonly jobs: number
  readonly resume: string | undefined
  readonly json: boolean
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const options = {
  count: text,
  time: text,
  policy: text,
  from: text,
  jobs: text,
  resume: text,
  json: flag,
  help: { type: 'boolean', short: 'h' },
} as const

/** Throws a PlanError; `undefined` asks for the usage. */
export function readWords(words: readonly string[], cores: number): Asked | undefined {
  const given = valuesOf(words)
  if (given.help === true) return undefined
  const names = given.policy?.split(',').map((name) => name.trim())
  if (names?.includes('') === true)
    throw new PlanError(`--policy must be names with commas between them, and is "${given.policy}".`)
  const from = given.from === undefined ? 1 : readCount('from', given.from, 0, seedMost)
  const count = given.count === undefined ? unlessTold.count : readCount('count', given.count, 1, seedMost)
  const beyond = lastSeed(from, count)
  if (beyond !== undefined) throw new PlanError(beyond)
  return {
    policies: named('policy', policies, names ?? unlessTold.policies).map(({ name }) => name),
    from,
    count,
    forMs: given.time === undefined ? undefined : readTime(given.time),
    jobs: given.jobs === undefined ? cores : readCount('jobs', given.jobs, 1, jobsMost),
    resume: given.resume,
    json: given.json === true,
  }
}

/** What merges: the others lose in most of the schedules, which is nothing to look for a million times. */
const unlessTold = { policies: ['yjs', 'automerge'], count: 1_000_000 } as const

function valuesOf(words: readonly string[]) {
  try {
    return parseArgs({ args: joined(words), options }).values
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/)
    throw new PlanError(`${sentence.replace(/\.$/, '')}.\n${usage.trimEnd()}`, { cause })
  }
}

/** `--count -1` as one word, as a number below 0 is taken for an option otherwise. */
function joined(words: readonly string[]): string[] {
  const all: string[] = []
  for (const word of words) {
    const before = all.at(-1)
    if (before?.startsWith('--') === true && /^-\d/.test(word)) all[all.length - 1] = `${before}=${word}`
    else all.push(word)
  }
  return all
}

function readCount(name: string, word: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(word) ? Number(word) : Number.NaN
  if (!(value >= least && value <= most))
    throw new PlanError(`--${name} must be a whole number from ${least} to ${most}, and is "${word}".`)
  return value
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function readTime(word: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smh])$/.exec(word) ?? []
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN)
  if (!(ms > 0)) throw new PlanError(`--time must be such as 90s, 20m or 1h, and is "${word}".`)
  return ms
}
