import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Bench } from './bench.ts'
import { format } from './result.ts'
import type { Failure, RunResult } from './result.ts'
import { runBench } from './runner.ts'
import type { BenchResult, Stopwatch } from './runner.ts'
import { seeded } from './seeded.ts'

export interface Run {
  readonly quick: boolean
  readonly seed: number
  readonly rounds: number
  readonly traceFile: string
  /** Empty, on the disk that is measured; each benchmark gets a folder in it. */
  readonly folder: string
  readonly machine: RunResult['fingerprint']
}

export interface Listener {
  done(bench: BenchResult): void
  failed(failure: Failure): void
  progress(line: string): void
}

/** A benchmark that fails says so, and the others go on. */
export async function measure(
  benches: readonly (readonly [name: string, load: () => Promise<Bench>])[],
  { quick, seed, rounds, traceFile, folder, machine }: Run,
  stopwatch: Stopwatch,
  listener: Listener,
): Promise<RunResult> {
  const results: BenchResult[] = []
  const failures: Failure[] = []
  for (const [name, load] of benches)
    try {
      const options = { quick, random: seeded(seed), folder: join(folder, name), traceFile }
      mkdirSync(options.folder)
      const result = await runBench(await load(), options, { warmUps: quick ? 2 : 5, rounds }, stopwatch, (line) =>
        listener.progress(line),
      )
      results.push(result)
      listener.done(result)
    } catch (error) {
      const failure = { bench: name, sentence: describe(error) }
      failures.push(failure)
      listener.failed(failure)
    }
  const trace = basename(traceFile)
  return { format, fingerprint: machine, quick, seed, rounds, trace, benches: results, failures }
}

/** With its cause. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
