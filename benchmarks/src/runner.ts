import type { Bench, BenchOptions, Case, Contestant, Role } from './bench.ts'
import { seriesIn } from './series.ts'
import { growth } from './slope.ts'
import type { Growth } from './slope.ts'
import { judge } from './marks.ts'
import type { Verdict } from './marks.ts'
import { spread } from './statistics.ts'
import type { Spread } from './statistics.ts'

export interface Rounds {
  readonly warmUps: number
  readonly rounds: number
}

/** Runs and times one contestant once. A port, so that tests need no clock. */
export interface Stopwatch {
  time(run: () => unknown): Promise<Lap>
}

export interface Lap {
  readonly wallMs: number
  /** Of all threads of this process, user and system. */
  readonly cpuMs: number
  readonly result: unknown
}

export interface BenchResult {
  readonly name: string
  readonly about: string
  readonly cases: readonly CaseResult[]
  /** By contestant or by the names of its costs, where the cases are a series of sizes. */
  readonly growth: Readonly<Record<string, Growth>>
}

export interface CaseResult {
  readonly name: string
  readonly count: number
  readonly unit: string
  readonly size?: number
  /** How many times each contestant was measured; of fewer than three there is no spread. */
  readonly rounds: number
  readonly contestants: readonly ContestantResult[]
  readonly marks: readonly Verdict[]
}

export interface ContestantResult {
  readonly name: string
  readonly role: Role
  readonly settings?: string
  readonly wallMs: Spread
  readonly cpuMs: Spread
  /** Wall time in units of the first contestant's of the same round. */
  readonly ratio: Spread
  /** The same of processor time. */
  readonly cpuRatio: Spread
  readonly figures: Readonly<Record<string, number>>
  readonly costs?: Readonly<Record<string, number>>
}

export async function runBench(
  bench: Bench,
  options: BenchOptions,
  rounds: Rounds,
  stopwatch: Stopwatch,
  progress: (line: string) => void,
): Promise<BenchResult> {
  const cases: CaseResult[] = []
  const waiting = [...(await bench.prepare(options))]
  try {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      progress(`${bench.name}: ${next.name}`)
      cases.push(await runCase(next, rounds, stopwatch))
      waiting.shift()
      await next.dispose?.()
    }
  } finally {
    for (const left of waiting) await left.dispose?.()
  }
  return { name: bench.name, about: bench.about, cases, growth: growthOf(cases) }
}

interface Track {
  readonly contestant: Contestant
  readonly laps: Lap[]
  figures: Readonly<Record<string, number>>
  costs: Readonly<Record<string, number>> | undefined
}

/** Contestants take turns in every round, so that a slow minute of the machine is everybody's. */
async function runCase(prepared: Case, wanted: Rounds, stopwatch: Stopwatch): Promise<CaseResult> {
  const { warmUps, rounds } = prepared.once === true ? { warmUps: 0, rounds: 1 } : wanted
  const records: Track[] = prepared.contestants.map((contestant) => ({
    contestant,
    laps: [],
    figures: {},
    costs: undefined,
  }))
  for (let round = -warmUps; round < rounds; round++)
    for (const record of records) {
      await record.contestant.before?.()
      const lap = await stopwatch.time(() => record.contestant.run())
      if (round === -warmUps || round === rounds - 1) await verified(prepared, record, lap)
      if (round >= 0) record.laps.push({ ...lap, result: undefined })
    }
  const { name, count, unit, size } = prepared
  const reference = records[0]?.laps ?? []
  const contestants = records.map((record) => summary(record, reference))
  return {
    name,
    count,
    unit,
    ...(size === undefined ? {} : { size }),
    rounds,
    contestants,
    marks: records.flatMap((record) => judge(record, records)),
  }
}

async function verified(prepared: Case, record: Track, { result }: Lap): Promise<void> {
  const { contestant } = record
  try {
    await contestant.verify(result)
  } catch (cause) {
    throw new Error(`${prepared.name}: the result of ${contestant.name} is wrong, so its speed means nothing`, {
      cause,
    })
  }
  record.figures = contestant.figures?.(result) ?? {}
  record.costs = contestant.costs?.(result)
}

function summary({ contestant, laps, figures, costs }: Track, reference: readonly Lap[]): ContestantResult {
  return {
    name: contestant.name,
    role: contestant.role,
    ...(contestant.settings === undefined ? {} : { settings: contestant.settings }),
    wallMs: spread(laps.map(({ wallMs }) => wallMs)),
    cpuMs: spread(laps.map(({ cpuMs }) => cpuMs)),
    ratio: spread(laps.map(({ wallMs }, round) => wallMs / (reference[round]?.wallMs ?? Number.NaN))),
    cpuRatio: spread(laps.map(({ cpuMs }, round) => cpuMs / (reference[round]?.cpuMs ?? Number.NaN))),
    figures,
    ...(costs === undefined ? {} : { costs }),
  }
}

function growthOf(cases: readonly CaseResult[]): Record<string, Growth> {
  const found: Record<string, Growth> = {}
  for (const [what, points] of seriesIn(cases)) {
    const grown = growth(points)
    if (grown !== undefined) found[what] = grown
  }
  return found
}
