/**
 * Tests the tests: plants one known bug after the other in a copy of the repository and asks whether the simulator or a
 * test notices. See README.md. Exit status 1 if one survives, 2 if it cannot be asked.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { endAll } from './command.ts'
import { readMutants } from './patch.ts'
import type { Mutant } from './patch.ts'
import { jsonOf, lineOf, tableOf, verdictOf } from './report.ts'
import { Sandbox } from './sandbox.ts'
import { simulate, test, tryMutant } from './trial.ts'
import type { Trial, TrialOptions } from './trial.ts'

const usage = 'usage: npm run mutants [-- NAME…] [--seeds N] [--minutes M] [--both] [--json]'
const seedsUnlessTold = 60
/** Of the time that a mutant has, for the simulator. */
const simulatorShare = 0.5
/** How much longer than without a bug a command may take, and at least so many seconds. */
const patience = 8
const patienceSecondsMin = 120
const baselineSecondsMax = 1_800

const root = resolve(import.meta.dirname, '../..')
const say = (line: string): void => void process.stderr.write(`${line}\n`)

process.exitCode = await main(process.argv.slice(2))

interface Asked {
  readonly names: readonly string[]
  readonly seeds: number | undefined
  readonly minutes: number | undefined
  readonly both: boolean
  readonly json: boolean
}

async function main(words: readonly string[]): Promise<number> {
  const asked = read(words)
  if (asked === undefined) return fail(usage)
  const all = readMutants(import.meta.dirname)
  const unknown = asked.names.filter((one) => !all.some(({ name }) => isNamed(name, one)))
  if (unknown.length > 0) return fail(`No patch has the name ${unknown.join(', ')}.`)
  const isAsked = ({ name }: Mutant): boolean => asked.names.some((one) => isNamed(name, one))
  const mutants = asked.names.length === 0 ? all : all.filter(isAsked)
  const sandbox = new Sandbox(root)
  process.on('exit', () => {
    endAll()
    sandbox.remove()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))
  return tryAll(sandbox, mutants, asked)
}

async function tryAll(sandbox: Sandbox, mutants: readonly Mutant[], asked: Asked): Promise<number> {
  const until = asked.minutes === undefined ? Infinity : performance.now() + asked.minutes * 60_000
  const options = await beforehand(sandbox, asked)
  if (typeof options === 'string') return fail(`Without any bug: ${options}`)
  const trials: Trial[] = []
  for (const [at, mutant] of mutants.entries()) {
    const leftSeconds = (until - performance.now()) / 1000
    if (leftSeconds <= 0) break
    const share = (leftSeconds / (mutants.length - at)) * simulatorShare
    const affordable = Math.max(1, Math.floor(share / options.seedSeconds))
    const seeds = Math.min(asked.seeds ?? (asked.minutes === undefined ? seedsUnlessTold : affordable), affordable)
    const trial = await tryMutant(sandbox, mutant, { ...options, seeds })
    trials.push(trial)
    say(`${at + 1} of ${mutants.length}: ${lineOf(trial)}`)
  }
  const untried = mutants.slice(trials.length).map(({ name }) => name)
  process.stdout.write((asked.json ? jsonOf : tableOf)(trials, untried))
  return untried.length === 0 && trials.every((trial) => verdictOf(trial) === 'caught') ? 0 : 1
}

/** The copy without a bug must be green under the same commands. Returns what is not, or how long it takes. */
async function beforehand(
  sandbox: Sandbox,
  { seeds = seedsUnlessTold, both }: Asked,
): Promise<string | (Omit<TrialOptions, 'seeds'> & { readonly seedSeconds: number })> {
  say(`Building a copy in ${sandbox.folder}.`)
  const problem = await sandbox.build()
  if (problem !== undefined) return problem
  const simulated = await simulate(sandbox, seeds, baselineSecondsMax)
  if (simulated.found !== undefined) return simulated.found
  say(`Without a bug ${seeds} seeds hold, in ${simulated.seconds.toFixed(0)} s.`)
  const tested = await test(sandbox, [], baselineSecondsMax)
  if (tested.found !== undefined) return tested.found
  say(`Without a bug all tests pass, in ${tested.seconds.toFixed(0)} s.`)
  sandbox.restore()
  return {
    both,
    seedSeconds: simulated.seconds / seeds,
    simulatorSecondsMax: Math.max(patienceSecondsMin, patience * simulated.seconds),
    testsSecondsMax: Math.max(patienceSecondsMin, patience * tested.seconds),
  }
}

/** `M01` or the whole name. */
function isNamed(name: string, asked: string): boolean {
  return name === asked || name.startsWith(`${asked}-`)
}

function read(words: readonly string[]): Asked | undefined {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = { seeds: text, minutes: text, both: flag, json: flag } as const
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true })
    const seeds = count(values.seeds)
    const minutes = count(values.minutes)
    if (Number.isNaN(seeds) || Number.isNaN(minutes)) return undefined
    return { names: positionals, seeds, minutes, both: values.both, json: values.json }
  } catch {
    return undefined
  }
}

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Number.NaN
}

function fail(why: string): number {
  say(why)
  return 2
}
