import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { settings, UsageError } from './arguments.ts'
import type { Settings } from './arguments.ts'
import { benchPage } from './bench-page.ts'
import type { Judgement } from './bench-page.ts'
import { benches } from './benches/index.ts'
import { compare, hasFailed } from './compare.ts'
import { fingerprint } from './fingerprint.ts'
import { judgeGates } from './gates.ts'
import { makeWritable, readResult, writeAll } from './output.ts'
import { format } from './result.ts'
import type { Failure, RunResult } from './result.ts'
import { runBench } from './runner.ts'
import type { BenchResult } from './runner.ts'
import { seeded } from './seeded.ts'
import { createStopwatch } from './stopwatch.ts'
import { benchTable, comparisonLines, fingerprintLines, gateLines } from './table.ts'

try {
  if (!(await main(settings(process.argv.slice(2))))) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${describe(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

/** Whether all is well. */
async function main(wanted: Settings): Promise<boolean> {
  const { out, json } = wanted
  const base = wanted.compare === undefined ? undefined : readResult(wanted.compare)
  if (out !== undefined) makeWritable(out)
  const result = wanted.against === undefined ? await measured(wanted) : readResult(wanted.against)
  const judgement: Judgement = {
    ...(base === undefined ? {} : { comparison: compare(base, result) }),
    ...(wanted.gate ? { gates: judgeGates(result) } : {}),
  }
  const { comparison, gates } = judgement
  if (json) process.stdout.write(`${JSON.stringify({ ...result, ...judgement })}\n`)
  else {
    if (comparison !== undefined) process.stdout.write(comparisonLines(comparison))
    if (gates !== undefined) process.stdout.write(gateLines(gates))
  }
  if (out !== undefined)
    writeAll(out, {
      'result.json': `${JSON.stringify(result, undefined, 1)}\n`,
      'index.html': await benchPage(result, judgement),
    })
  const missed = gates?.some(({ reached }) => !reached) ?? false
  return result.failures.length === 0 && !missed && (comparison === undefined || !hasFailed(comparison))
}

/** A benchmark that fails says so, and the others go on. */
async function measured({ names, quick, json, rounds, seed, traceFile, dir }: Settings): Promise<RunResult> {
  mkdirSync(dir, { recursive: true })
  const folder = mkdtempSync(join(dir, 'run-'))
  try {
    const machine = await fingerprint(folder, traceFile)
    if (!json) process.stdout.write(`${fingerprintLines(machine)}\n`)
    const results: BenchResult[] = []
    const failures: Failure[] = []
    for (const name of names)
      try {
        const options = { quick, random: seeded(seed), folder: join(folder, name), traceFile }
        mkdirSync(options.folder)
        const bench = await benches[name]?.()
        if (bench === undefined) continue
        const result = await runBench(bench, options, { warmUps: quick ? 2 : 5, rounds }, createStopwatch(), note)
        results.push(result)
        if (!json) process.stdout.write(`${benchTable(result)}\n`)
      } catch (error) {
        failures.push({ bench: name, sentence: describe(error) })
        process.stderr.write(`${name} failed: ${describe(error)}\n`)
      }
    const trace = basename(traceFile)
    return { format, fingerprint: { ...machine }, quick, seed, rounds, trace, benches: results, failures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Progress, for people who wait. */
function note(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\u001b[2m${line}\u001b[0m\n`)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
