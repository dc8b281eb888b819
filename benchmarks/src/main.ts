import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benches } from './benches/index.ts'
import { fingerprint } from './fingerprint.ts'
import { runBench } from './runner.ts'
import type { BenchResult } from './runner.ts'
import { seeded } from './seeded.ts'
import { createStopwatch } from './stopwatch.ts'
import { benchTable, fingerprintLines } from './table.ts'

const usage = `npm run bench -- [NAME…] [--quick] [--json] [--rounds N] [--seed N] [--trace FILE] [--dir DIR]
names: ${Object.keys(benches).join(', ')} (all if none is given)`

const root = resolve(import.meta.dirname, '../..')

interface Settings {
  readonly names: readonly string[]
  readonly quick: boolean
  readonly json: boolean
  readonly rounds: number
  readonly seed: number
  readonly traceFile: string
  /** On the disk that is measured. */
  readonly dir: string
}

class UsageError extends Error {}

try {
  await main(settings(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? describe(error) : String(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function main({ names, quick, json, rounds, seed, traceFile, dir }: Settings): Promise<void> {
  mkdirSync(dir, { recursive: true })
  const folder = mkdtempSync(join(dir, 'run-'))
  try {
    const machine = await fingerprint(folder, traceFile)
    if (!json) process.stdout.write(`${fingerprintLines(machine)}\n`)
    const results: BenchResult[] = []
    for (const name of names) {
      const bench = await benches[name]?.()
      if (bench === undefined) throw new UsageError(usage)
      const options = { quick, random: seeded(seed), folder: join(folder, name), traceFile }
      mkdirSync(options.folder)
      const result = await runBench(bench, options, { warmUps: quick ? 2 : 5, rounds }, createStopwatch(), note)
      results.push(result)
      if (!json) process.stdout.write(`${benchTable(result)}\n`)
    }
    if (json)
      process.stdout.write(`${JSON.stringify({ fingerprint: machine, quick, seed, rounds, benches: results })}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Progress, for people who wait. */
function note(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\u001b[2m${line}\u001b[0m\n`)
}

function settings(args: string[]): Settings {
  const { values, positionals } = parse(args)
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no benchmark “${unknown}”.\n${usage}`)
  const quick = values.quick ?? false
  const traceFile = resolve(values.trace ?? join(root, 'packages/cli/traces/automerge-paper.json.gz'))
  if (!existsSync(traceFile)) throw new UsageError(`There is no trace ${traceFile}; name one with --trace.`)
  return {
    names: positionals.length > 0 ? positionals : Object.keys(benches),
    quick,
    json: values.json ?? false,
    rounds: positive('rounds', values.rounds ?? (quick ? '3' : '11')),
    seed: positive('seed', values.seed ?? '1'),
    traceFile,
    dir: resolve(values.dir ?? join(root, '.rejoin/benchmarks')),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
        trace: { type: 'string' },
        dir: { type: 'string' },
      },
    })
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}`)
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} takes a whole number above 0.\n${usage}`)
  return value
}

function describe(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
