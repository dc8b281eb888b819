import { parseArgs } from 'node:util'
import type { FaultKind } from '../schedule/faults.ts'
import { engineMixes } from '../schedule/schedule.ts'
import type { EngineMix, UnrollOptions } from '../schedule/schedule.ts'

export const usage = `usage: npm run simulate -- [--seeds N] [--time 20m] [--from S] [--faults drop,cut,…] [--jobs N]
                           [--engines yjs|mixed|automerge] [--resume FILE] [--no-shrink] [--json]
       npm run simulate -- --seed S [--faults drop,cut,…] [--engines …] [--show] [--json]
       npm run simulate -- --file PATH [--show] [--json]
`

/** Many seeds, one after the other. */
export interface CampaignAsked {
  readonly kind: 'campaign'
  readonly from: number
  /** It ends after so many seeds, after so much time, or after what comes first. */
  readonly seeds: number | undefined
  readonly forMs: number | undefined
  readonly faults: readonly FaultKind[] | undefined
  readonly engines: EngineMix | undefined
  readonly jobs: number
  readonly resume: string | undefined
  readonly shrinks: boolean
  readonly json: boolean
}

interface SeedAsked {
  readonly kind: 'seed'
  readonly seed: number
  readonly options: UnrollOptions
  /** Print every event. */
  readonly show: boolean
  readonly json: boolean
}

interface FileAsked {
  readonly kind: 'file'
  readonly path: string
  readonly show: boolean
  readonly json: boolean
}

export type ReplayAsked = SeedAsked | FileAsked
export type Asked = CampaignAsked | ReplayAsked | { readonly kind: 'help' }

/** What was asked for makes no sense; the message is a sentence that says why. */
export class WordsError extends Error {
  override readonly name = 'WordsError'
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const options = {
  'seeds': text,
  'from': text,
  'time': text,
  'faults': text,
  'engines': text,
  'jobs': text,
  'resume': text,
  'no-shrink': flag,
  'seed': text,
  'file': text,
  'show': flag,
  'json': flag,
  'help': flag,
} as const
const ofCampaigns = ['seeds', 'from', 'time', 'jobs', 'resume', 'no-shrink'] as const
const seedsUnlessTold = 100

/** Throws a WordsError. */
export function readWords(
  words: readonly string[],
  { faults: known, cores }: { readonly faults: readonly FaultKind[]; readonly cores: number },
): Asked {
  const given = valuesOf(words)
  if (given.help === true) return { kind: 'help' }
  const { show = false, json = false } = given
  const faults = given.faults === undefined ? undefined : readFaults(given.faults, known)
  const engines = given.engines === undefined ? undefined : readEngines(given.engines)
  if (given.file !== undefined) {
    refuse(given, 'file', [...ofCampaigns, 'seed', 'faults', 'engines'])
    return { kind: 'file', path: given.file, show, json }
  }
  if (given.seed !== undefined) {
    refuse(given, 'seed', ofCampaigns)
    return { kind: 'seed', seed: readCount('seed', given.seed, 0), options: { faults, engines }, show, json }
  }
  if (show) throw new WordsError('--show goes with --seed or --file.')
  const forMs = given.time === undefined ? undefined : readTime(given.time)
  return {
    kind: 'campaign',
    from: given.from === undefined ? 1 : readCount('from', given.from, 0),
    seeds: given.seeds === undefined ? unlessTimed(forMs) : readCount('seeds', given.seeds, 1),
    forMs,
    faults,
    engines,
    jobs: given.jobs === undefined ? cores : readCount('jobs', given.jobs, 1),
    resume: given.resume,
    shrinks: given['no-shrink'] !== true,
    json,
  }
}

type Given = ReturnType<typeof valuesOf>

function valuesOf(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options }).values
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/)
    throw new WordsError(`${sentence.replace(/\.$/, '')}.\n${usage.trimEnd()}`, { cause })
  }
}

function refuse(given: Given, mode: string, names: readonly (keyof Given)[]): void {
  const wrong = names.find((name) => given[name] !== undefined)
  if (wrong !== undefined) throw new WordsError(`--${wrong} does not go with --${mode}.`)
}

function readCount(name: string, word: string, least: number): number {
  const value = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN
  if (!(value >= least)) throw new WordsError(`--${name} must be a whole number from ${least}, and is "${word}".`)
  return value
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function readTime(word: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smh])$/.exec(word) ?? []
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN)
  if (!(ms > 0)) throw new WordsError(`--time must be such as 90s, 20m or 1h, and is "${word}".`)
  return ms
}

const unlessTimed = (forMs: number | undefined): number | undefined =>
  forMs === undefined ? seedsUnlessTold : undefined

/** In the order of the known ones: the same faults are the same campaign. */
function readFaults(word: string, known: readonly FaultKind[]): readonly FaultKind[] {
  const names = word.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !known.some((kind) => kind === name))
  if (unknown !== undefined) throw new WordsError(`There is no fault "${unknown}"; the faults are ${known.join(', ')}.`)
  return known.filter((kind) => names.some((name) => name === kind))
}

function readEngines(word: string): EngineMix {
  const engines = engineMixes.find((mix) => mix === word)
  if (engines === undefined) throw new WordsError(`--engines takes ${engineMixes.join(', ')}, and is "${word}".`)
  return engines
}
