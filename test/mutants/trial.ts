import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.ts'
import type { Run } from './command.ts'
import type { Mutant } from './patch.ts'
import { firstLine } from './sandbox.ts'
import type { Sandbox } from './sandbox.ts'

/** What was noticed, in a sentence; undefined if all was green. */
export type Finding = string | undefined

export interface Trial {
  readonly mutant: Mutant
  /** The patch is wrong: it does not apply or does not build. Nothing was tried. */
  readonly problem?: string
  readonly simulator: Finding
  readonly tests: Finding
  readonly seconds: number
}

export interface TrialOptions {
  readonly seeds: number
  /** Tests also when the simulator has noticed. */
  readonly both: boolean
  /** What the commands may take before they count as hung. */
  readonly simulatorSecondsMax: number
  readonly testsSecondsMax: number
}

/** Plants the bug, looks who notices, and takes it out again. */
export async function tryMutant(sandbox: Sandbox, mutant: Mutant, options: TrialOptions): Promise<Trial> {
  const begun = performance.now()
  const ended = (found: Pick<Trial, 'problem' | 'simulator' | 'tests'>): Trial => ({
    mutant,
    ...found,
    seconds: (performance.now() - begun) / 1000,
  })
  try {
    const problem = sandbox.apply(mutant) ?? (await sandbox.build())
    if (problem !== undefined) return ended({ problem, simulator: undefined, tests: undefined })
    const { found: simulator } = await simulate(sandbox, options.seeds, options.simulatorSecondsMax)
    if (simulator !== undefined && !options.both) return ended({ simulator, tests: undefined })
    const { testsSecondsMax } = options
    const { found: near } = await test(sandbox, mutant.tests, testsSecondsMax)
    const tests = near ?? (await test(sandbox, [], testsSecondsMax)).found
    return ended({ simulator, tests })
  } finally {
    sandbox.restore()
  }
}

export interface Look {
  readonly found: Finding
  readonly seconds: number
}

/** The simulator, up to the first seed that breaks a promise. */
export async function simulate({ folder }: Sandbox, seeds: number, secondsMax: number): Promise<Look> {
  const args = ['packages/simulator/bin/simulate.js', '--seeds', String(seeds), '--from', '1']
  const ran = await run(process.execPath, args, {
    cwd: folder,
    secondsMax,
    isEnough: (out) => brokenSeed(out) !== undefined,
  })
  return { found: brokenSeed(`${ran.out}\n`) ?? ending(ran), seconds: ran.seconds }
}

/** `seed 42: BROKEN, …` and a whole line `[I1] …` below it. */
export function brokenSeed(out: string): Finding {
  const [, seed, below = ''] = /^seed (\d+): BROKEN([^]*)$/m.exec(out) ?? []
  const [sentence] = /\[[A-Z]+\d+\] .*(?=\n)/.exec(below) ?? []
  return seed === undefined || sentence === undefined ? undefined : `seed ${seed} ${sentence}`
}

/** Test files up to the first failure; all of them without a filter, but those that look at the patches. */
export async function test({ folder }: Sandbox, filters: readonly string[], secondsMax: number): Promise<Look> {
  const file = join(folder, 'node_modules/.mutants.json')
  rmSync(file, { force: true })
  const report = ['--reporter=json', `--outputFile=${file}`]
  const args = ['run', ...filters, '--bail', '1', '--exclude', 'test/mutants/**', ...report]
  const ran = await run('vitest', args, { cwd: folder, secondsMax })
  if (ran.status === 0) return { found: undefined, seconds: ran.seconds }
  const failed = existsSync(file) ? failedIn(JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
  return { found: failed ?? ending(ran), seconds: ran.seconds }
}

/** What vitest writes, as far as it matters here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[]
  }[]
}

function failedIn({ testResults }: Report): Finding {
  for (const { assertionResults } of testResults)
    for (const { status, title } of assertionResults) if (status === 'failed') return title
  const broken = testResults.find(({ status, message }) => status === 'failed' && message !== '')
  return broken && `${broken.name.replace(/^.*\/(?=(?:packages|test|benchmarks)\/)/, '')}: ${firstLine(broken.message)}`
}

/** It ended in no way that it should. */
function ending({ status, out, isLate, seconds }: Run): Finding {
  if (isLate) return `no end within ${seconds.toFixed(0)} s`
  if (status === 0) return undefined
  const line = /^.*\b(?:[A-Z]\w*Error|Unhandled|FATAL)\b.*$/m.exec(out)?.[0] ?? out.trim().split('\n').at(-1) ?? ''
  return `ended with ${String(status)}: ${line.trim().slice(0, 200)}`
}
