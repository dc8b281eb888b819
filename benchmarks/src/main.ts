import { rmSync } from 'node:fs'
import { settings, usage, UsageError } from './arguments.ts'
import type { Settings } from './arguments.ts'
import { benchPage } from './bench-page.ts'
import type { Judgement } from './bench-page.ts'
import { benches } from './benches/index.ts'
import { compare, hasFailed } from './compare.ts'
import { fingerprint } from './fingerprint.ts'
import { judgeGates } from './gates.ts'
import { describe, measure } from './measure.ts'
import { makeFolderIn, makeWritable, PathError, readResult, writeAll } from './output.ts'
import type { RunResult } from './result.ts'
import { createStopwatch } from './stopwatch.ts'
import { benchTable, comparisonLines, fingerprintLines, gateLines } from './table.ts'

try {
  const wanted = settings(process.argv.slice(2))
  if (wanted === undefined) process.stdout.write(`${usage}\n`)
  else if (!(await main(wanted))) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${error instanceof PathError ? error.message : describe(error)}\n`)
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
  // That nothing was judged is no success.
  const missed = gates !== undefined && (gates.length === 0 || gates.some(({ reached }) => !reached))
  return result.failures.length === 0 && !missed && (comparison === undefined || !hasFailed(comparison))
}

/** On the disk that is to be measured. */
async function measured(wanted: Settings): Promise<RunResult> {
  const folder = makeFolderIn(wanted.dir, 'run-')
  const print = (text: string): void => void (wanted.json || process.stdout.write(`${text}\n`))
  try {
    const machine = await fingerprint(folder, wanted.traceFile)
    print(fingerprintLines(machine))
    const chosen = wanted.names.flatMap((name) => {
      const load = benches[name]
      return load === undefined ? [] : [[name, load] as const]
    })
    return await measure(chosen, { ...wanted, folder, machine: { ...machine } }, createStopwatch(), {
      done: (bench) => print(benchTable(bench)),
      failed: ({ bench, sentence }) => void process.stderr.write(`${bench} failed: ${sentence}\n`),
      progress,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** For people who wait. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\u001b[2m${line}\u001b[0m\n`)
}
