import { parseArgs } from 'node:util'

export const usage = `usage: npm run laws -- [--engine yjs] [--time 20m] [--batches N] [--laws DO193,DO197] [--seed S] [--jobs N]
                       [--resume FILE] [--json]
       npm run laws -- [--engine yjs] --file HISTORY --laws DO193
`

/** Batches of runs, one law after the other, until the time is over. */
export interface CampaignOptions {
  readonly kind: 'campaign'
  readonly engine: string
  readonly forMs: number | undefined
  readonly batches: number | undefined
  /** Rules; empty: all laws. */
  readonly rules: readonly string[]
  readonly seed: number
  readonly jobs: number
  readonly resume: string | undefined
  readonly json: boolean
}

/** One history, as a failure prints it. */
export interface ReplayOptions {
  readonly kind: 'replay'
  readonly engine: string
  readonly path: string
  readonly rules: readonly string[]
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const words = {
  engine: text,
  time: text,
  batches: text,
  laws: text,
  seed: text,
  jobs: text,
  resume: text,
  file: text,
  json: flag,
}
const batchesUnlessTold = 100

export interface Told {
  /** Stands for one that was not told. */
  readonly seed: number
  readonly cores: number
  readonly known: readonly string[]
  /** The first one stands for one that was not told. */
  readonly engines: readonly string[]
}

/** What was asked for, or a sentence on why that cannot be. */
export function readOptions(
  args: readonly string[],
  { seed, cores, known, engines }: Told,
): CampaignOptions | ReplayOptions | string {
  try {
    const { values } = parseArgs({ args: [...args], options: words })
    const rules = values.laws === undefined ? [] : readRules(values.laws, known)
    const engine = readEngine(values.engine ?? engines[0] ?? '', engines)
    if (values.file !== undefined) return { kind: 'replay', engine, path: values.file, rules }
    const forMs = values.time === undefined ? undefined : readTime(values.time)
    const batches = values.batches === undefined ? undefined : readCount('batches', values.batches, 1)
    return {
      kind: 'campaign',
      engine,
      forMs,
      batches: batches ?? (forMs === undefined ? batchesUnlessTold : undefined),
      rules,
      seed: values.seed === undefined ? seed : readCount('seed', values.seed, 0),
      jobs: values.jobs === undefined ? cores : readCount('jobs', values.jobs, 1),
      resume: values.resume,
      json: values.json ?? false,
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    return `${said.split(/\. |\n/)[0]}\n${usage.trimEnd()}`
  }
}

function readCount(name: string, word: string, least: number): number {
  const value = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN
  if (!(value >= least)) throw new RangeError(`--${name} is a whole number from ${least}, and not "${word}"`)
  return value
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function readTime(word: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smh])$/.exec(word) ?? []
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN)
  if (!(ms > 0)) throw new RangeError(`--time is such as 90s, 20m or 1h, and not "${word}"`)
  return ms
}

function readEngine(word: string, known: readonly string[]): string {
  if (known.includes(word)) return word
  throw new RangeError(`There is no engine "${word}"; the engines are ${known.join(', ')}`)
}

function readRules(word: string, known: readonly string[]): readonly string[] {
  const rules = word.split(',').map((rule) => rule.trim())
  const unknown = rules.find((rule) => !known.includes(rule))
  if (unknown !== undefined) throw new RangeError(`There is no law "${unknown}"; the laws are ${known.join(', ')}`)
  return rules
}
