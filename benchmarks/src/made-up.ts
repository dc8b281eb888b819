import { format } from './result.ts'
import type { RunResult } from './result.ts'
import type { BenchResult, CaseResult, ContestantResult } from './runner.ts'
import type { Spread } from './statistics.ts'

/** Results that nobody measured, for tests. */

export const around = (median: number, part = 0.02): Spread => ({
  p5: median * (1 - part),
  median,
  p95: median * (1 + part),
})

export const contestant = (name: string, ratio: Spread, more: Partial<ContestantResult> = {}): ContestantResult => ({
  name,
  role: 'subject',
  wallMs: around(7),
  cpuMs: around(7),
  ratio,
  cpuRatio: ratio,
  figures: {},
  ...more,
})

export const caseOf = (
  name: string,
  contestants: readonly ContestantResult[],
  more: Partial<CaseResult> = {},
): CaseResult => ({
  name,
  count: 10,
  unit: 'updates',
  rounds: 11,
  contestants: [contestant('limit', around(1, 0), { role: 'limit', figures: { B: 100 } }), ...contestants],
  marks: [],
  ...more,
})

export const benchOf = (
  name: string,
  cases: readonly CaseResult[],
  growth: BenchResult['growth'] = {},
): BenchResult => ({
  name,
  about: 'made up',
  cases,
  growth,
})

export const resultOf = (benches: readonly BenchResult[], more: Partial<RunResult> = {}): RunResult => ({
  format,
  fingerprint: { cpu: 'a processor', cores: 2, fdatasyncP50Us: 100 },
  quick: false,
  seed: 1,
  rounds: 11,
  trace: 'a.json',
  benches,
  failures: [],
  ...more,
})
