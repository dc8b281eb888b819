import type { BenchResult } from './runner.ts'
import * as shape from './shape.ts'

/** All that one run of the command found out. */
export interface RunResult {
  readonly format: typeof format
  readonly fingerprint: Readonly<Record<string, string | number>>
  readonly quick: boolean
  readonly seed: number
  readonly rounds: number
  /** The name of the recorded session's file. */
  readonly trace: string
  readonly benches: readonly BenchResult[]
  readonly failures: readonly Failure[]
}

/** A benchmark that did not come to its end. */
export interface Failure {
  readonly bench: string
  readonly sentence: string
}

export const format = 'rejoin benchmarks 1'

/** The error names the first place that is not as it should be. */
export function parseResult(text: string): RunResult {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('it is not JSON')
  }
  return run(value, 'it')
}

const spread = shape.object({ p5: shape.number, median: shape.number, p95: shape.number })

const contestant = shape.object({
  name: shape.text,
  role: shape.oneOf('limit', 'subject', 'peer'),
  settings: shape.optional(shape.text),
  wallMs: spread,
  cpuMs: spread,
  ratio: spread,
  cpuRatio: spread,
  figures: shape.record(shape.number),
  costs: shape.optional(shape.record(shape.number)),
})

const verdict = shape.object({
  reached: shape.truth,
  what: shape.text,
  value: shape.number,
  spread: shape.optional(spread),
  wall: shape.optional(shape.number),
  bounds: shape.text,
})

const bench = shape.object({
  name: shape.text,
  about: shape.text,
  cases: shape.list(
    shape.object({
      name: shape.text,
      count: shape.number,
      unit: shape.text,
      size: shape.optional(shape.number),
      rounds: shape.number,
      contestants: shape.list(contestant),
      marks: shape.list(verdict),
    }),
  ),
  growth: shape.record(shape.object({ exponent: shape.number, low: shape.number, high: shape.number })),
})

const run: shape.Reader<RunResult> = shape.object({
  format: shape.oneOf(format),
  fingerprint: shape.record(shape.either(shape.text, shape.number)),
  quick: shape.truth,
  seed: shape.number,
  rounds: shape.number,
  trace: shape.text,
  benches: shape.list(bench),
  failures: shape.list(shape.object({ bench: shape.text, sentence: shape.text })),
})
