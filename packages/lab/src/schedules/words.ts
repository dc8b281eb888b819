import { parseArgs } from 'node:util'
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
  help: flag,
} as const

/** Throws a PlanError; `undefined` asks for the usage. */
export function readWords(words: readonly string[], cores: number): Asked | undefined {
  const given = valuesOf(words)
  if (given.help === true) return undefined
  const names = given.policy?.split(',').map((name) => name.trim())
  return {
    policies: named('policy', policies, names ?? unlessTold.policies).map(({ name }) => name),
    from: given.from === undefined ? 1 : readCount('from', given.from, 0),
    count: given.count === undefined ? unlessTold.count : readCount('count', given.count, 1),
    forMs: given.time === undefined ? undefined : readTime(given.time),
    jobs: given.jobs === undefined ? cores : readCount('jobs', given.jobs, 1),
    resume: given.resume,
    json: given.json === true,
  }
}

/** What merges: the others lose in most of the schedules, which is nothing to look for a million times. */
const unlessTold = { policies: ['yjs', 'automerge'], count: 1_000_000 } as const

function valuesOf(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options }).values
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/)
    throw new PlanError(`${sentence.replace(/\.$/, '')}.\n${usage.trimEnd()}`, { cause })
  }
}

function readCount(name: string, word: string, least: number): number {
  const value = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN
  if (!(value >= least)) throw new PlanError(`--${name} must be a whole number from ${least}, and is "${word}".`)
  return value
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function readTime(word: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smh])$/.exec(word) ?? []
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN)
  if (!(ms > 0)) throw new PlanError(`--time must be such as 90s, 20m or 1h, and is "${word}".`)
  return ms
}
