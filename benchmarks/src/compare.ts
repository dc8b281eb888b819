import { compact } from '@rejoin/lab/page'
import { compareSettings } from './compare-settings.ts'
import type { RunResult } from './result.ts'
import type { BenchResult, CaseResult, ContestantResult } from './runner.ts'
import type { Growth } from './slope.ts'
import type { Spread } from './statistics.ts'

export interface Comparison {
  /** Why the two can hardly be compared. */
  readonly warnings: readonly string[]
  readonly findings: readonly Finding[]
}

export interface Finding {
  /** A mark that was reached is missed now, or something grows faster for certain: the only ones that fail. */
  readonly kind: 'failed' | 'moved' | 'new' | 'gone'
  readonly sentence: string
}

/** Ratios of times that differ by less may differ by how memory happened to be laid out. */
const least = { ratio: 1.05, figure: 1.01, figureOnce: 1.1, exponent: 0.02 }

/** Fewer rounds have no spread. */
const roundsForSpread = 3

/**
 * What moved beyond the noise between two results, in sentences. Only what travels between machines is looked at:
 * ratios to the first contestant of a case, figures, exponents and marks; never a time.
 */
export function compare(base: RunResult, now: RunResult): Comparison {
  const pairs = paired(base.benches, now.benches, ({ name }) => name)
  const changes = pairs.both.flatMap(([was, is]) => ofBench(was, is))
  return {
    warnings: compareSettings(base, now),
    findings: [
      ...changes,
      ...pairs.added.map(({ name }) => added(`the benchmark ${name}`)),
      ...pairs.gone.map(({ name }) => gone(`the benchmark ${name}`)),
    ],
  }
}

export const hasFailed = ({ findings }: Comparison): boolean => findings.some(({ kind }) => kind === 'failed')

const added = (what: string): Finding => ({ kind: 'new', sentence: `New: ${what}.` })
const gone = (what: string): Finding => ({ kind: 'gone', sentence: `Gone: ${what}.` })
const moved = (sentence: string): Finding => ({ kind: 'moved', sentence })
const failed = (sentence: string): Finding => ({ kind: 'failed', sentence })

function ofBench(base: BenchResult, now: BenchResult): Finding[] {
  const cases = paired(base.cases, now.cases, ({ name }) => name)
  const growing = paired(Object.entries(base.growth), Object.entries(now.growth), ([name]) => name)
  return [
    ...cases.both.flatMap(([was, is]) => ofCase(now.name, was, is)),
    ...growing.both.flatMap(([[name, was], [, is]]) => ofGrowth(`${now.name}: the cost of ${name}`, was, is)),
    ...cases.added.map(({ name }) => added(`${now.name}, “${name}”`)),
    ...cases.gone.map(({ name }) => gone(`${now.name}, “${name}”`)),
    ...growing.added.map(([name]) => added(`${now.name}, how the cost of ${name} grows`)),
    ...growing.gone.map(([name]) => gone(`${now.name}, how the cost of ${name} grows`)),
  ]
}

function ofCase(bench: string, base: CaseResult, now: CaseResult): Finding[] {
  const where = `${bench}, “${now.name}”`
  const contestants = paired(base.contestants, now.contestants, ({ name }) => name)
  const marks = paired(base.marks, now.marks, ({ what, bounds }) => `${what} ${bounds}`)
  const rounds = Math.min(base.rounds, now.rounds)
  const first = now.contestants[0]?.name ?? ''
  const sameFirst = first === base.contestants[0]?.name
  return [
    ...marks.both.flatMap(([was, is]) => {
      if (was.reached === is.reached) return []
      const values = `it is ${compact(is.value)} and was ${compact(was.value)}`
      return is.reached
        ? [moved(`${where}: ${is.what} reaches its mark of ${is.bounds} now: ${values}.`)]
        : [failed(`${where}: ${is.what} misses its mark of ${is.bounds}, which was reached: ${values}.`)]
    }),
    ...(sameFirst ? [] : [moved(`${where}: ratios are to ${first} now, so they are not compared.`)]),
    ...contestants.both.flatMap(([was, is]) => [
      ...(sameFirst && is.name !== first && rounds >= roundsForSpread ? ofRatios(where, first, was, is) : []),
      ...ofFigures(where, was, is, base.rounds > 1 ? least.figure : least.figureOnce),
    ]),
    ...contestants.added.map(({ name }) => added(`${where}, ${name}`)),
    ...contestants.gone.map(({ name }) => gone(`${where}, ${name}`)),
    ...marks.added.map(({ what, bounds }) => added(`${where}, the mark of ${bounds} on ${what}`)),
    ...marks.gone.map(({ what, bounds }) => gone(`${where}, the mark of ${bounds} on ${what}`)),
  ]
}

/** Processor time, which other programs disturb least; wall time where that alone moved. */
function ofRatios(where: string, first: string, base: ContestantResult, now: ContestantResult): Finding[] {
  for (const [what, was, is] of [
    ['processor time', base.cpuRatio, now.cpuRatio],
    ['wall time', base.ratio, now.ratio],
  ] as const)
    if (apart(was, is)) {
      const direction = is.median > was.median ? 'more' : 'less'
      const values = `× ${told(is)} of that of ${first}, was × ${told(was)}`
      return [moved(`${where}: ${now.name} takes ${direction} ${what} than before: ${values}.`)]
    }
  return []
}

/** The spreads do not touch, and the middles differ by more than chance in the layout of memory. */
const apart = (was: Spread, is: Spread): boolean =>
  (is.p5 > was.p95 && is.median > was.median * least.ratio) || (is.p95 < was.p5 && is.median < was.median / least.ratio)

const told = ({ p5, median, p95 }: Spread): string => `${compact(median)} (${compact(p5)}–${compact(p95)})`

/** Figures have no spread, and times among them do not travel. */
function ofFigures(where: string, base: ContestantResult, now: ContestantResult, factor: number): Finding[] {
  const figures = paired(Object.entries(base.figures), Object.entries(now.figures), ([name]) => name)
  const of = (name: string): string => `${where}, ${name} of ${now.name}`
  return [
    ...figures.both.flatMap(([[name, was], [, is]]) => {
      if (isTime(name) || (is <= was * factor && was <= is * factor)) return []
      const direction = is > was ? 'more' : 'less'
      return [moved(`${where}: ${name} of ${now.name} is ${compact(is)} and was ${compact(was)}: ${direction}.`)]
    }),
    ...figures.added.map(([name]) => added(of(name))),
    ...figures.gone.map(([name]) => gone(of(name))),
  ]
}

const isTime = (figure: string): boolean => /^(?:ns|µs|ms|s)\b|\/s$|per second/.test(figure)

function ofGrowth(what: string, was: Growth, is: Growth): Finding[] {
  const values = `size ** ${exponent(is)}, was ${exponent(was)}`
  if (is.low > was.high + least.exponent) return [failed(`${what} grows faster than before: ${values}.`)]
  if (is.high < was.low - least.exponent) return [moved(`${what} grows slower than before: ${values}.`)]
  return []
}

const exponent = ({ exponent, low, high }: Growth): string =>
  `${exponent.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`

interface Pairs<T> {
  readonly both: readonly (readonly [base: T, now: T])[]
  readonly added: readonly T[]
  readonly gone: readonly T[]
}

function paired<T>(base: readonly T[], now: readonly T[], keyOf: (item: T) => string): Pairs<T> {
  const before = new Map(base.map((item) => [keyOf(item), item]))
  const after = new Set(now.map(keyOf))
  const both = now.flatMap((item): [T, T][] => {
    const was = before.get(keyOf(item))
    return was === undefined ? [] : [[was, item]]
  })
  return {
    both,
    added: now.filter((item) => !before.has(keyOf(item))),
    gone: base.filter((item) => !after.has(keyOf(item))),
  }
}
