import type { RunResult } from '../run.ts'
import { estimateOf, estimateOfShares } from '../statistics/estimate.ts'
import type { Estimate } from '../statistics/estimate.ts'

/** What runs came to, with the uncertainty that their seeds leave. Shares are of 1, counts are of one run. */
export interface Summary {
  readonly runs: number
  readonly edits: number
  readonly effects: number
  /** Shares of all effects. */
  readonly lost: Estimate
  readonly overruled: Estimate
  /** Those that are there in a wrong order: not lost. */
  readonly misplaced: Estimate
  /** Of all that was done, what cannot be told and is no effect. */
  readonly untold: Estimate
  /** 1 - lost. */
  readonly retention: Estimate
  /** The share of runs in which anything was lost. */
  readonly lostRuns: Estimate
  /** Of all that was deleted, what is there. */
  readonly ghostShare: Estimate
  readonly ghosts: Estimate
  readonly doubled: Estimate
  readonly invented: Estimate
  /** Of what was there when people began. */
  readonly startLost: Estimate
  readonly conflictsShown: Estimate
  readonly invariantsBroken: Estimate
  /** By name, in all runs together. */
  readonly invariants: Readonly<Record<string, number>>
  /** The share of runs after which all devices showed the same. */
  readonly convergent: Estimate
  /** Of the runs that have one; null if none has. */
  readonly distance: Estimate | null
  readonly interleaving: Estimate | null
  readonly stalenessMeanMs: Estimate
  readonly bytesUp: Estimate
  readonly bytesDown: Estimate
  readonly storageBytes: Estimate
  readonly cpuMs: Estimate
}

type Figure = (result: RunResult) => number

/** Runs of one seed are of the same people, so that only seeds are independent: each counts as one observation. */
export function summaryOf(results: readonly RunResult[]): Summary {
  const seeds = [...Map.groupBy(results, ({ seed }) => seed).values()]
  const shareOf = (part: Figure, whole: Figure): Estimate =>
    estimateOfShares(seeds.map((runs) => ({ count: sum(runs, part), of: sum(runs, whole) })))
  const share = (of: Figure): Estimate => shareOf(of, ({ effects }) => effects)
  const mean = (of: Figure): Estimate => estimateOf(seeds.map((runs) => sum(runs, of) / runs.length))
  const meanIfAny = (of: (result: RunResult) => number | null): Estimate | null => {
    const values = seeds.flatMap((runs) => {
      const known = runs.map(of).filter((value) => value !== null)
      return known.length === 0 ? [] : [known.reduce((a, b) => a + b, 0) / known.length]
    })
    return values.length === 0 ? null : estimateOf(values)
  }
  return {
    runs: results.length,
    edits: sum(results, ({ edits }) => edits),
    effects: sum(results, ({ effects }) => effects),
    lost: share(({ lost }) => lost),
    overruled: share(({ overruled }) => overruled),
    misplaced: share(({ misplaced }) => misplaced),
    untold: shareOf(
      ({ untold }) => untold,
      ({ effects, untold }) => effects + untold,
    ),
    retention: share(({ effects, lost }) => effects - lost),
    lostRuns: shareOf(
      ({ lost }) => (lost > 0 ? 1 : 0),
      () => 1,
    ),
    ghostShare: shareOf(
      ({ ghosts }) => ghosts,
      ({ deletions }) => deletions,
    ),
    ghosts: mean(({ ghosts }) => ghosts),
    doubled: mean(({ doubled }) => doubled),
    invented: mean(({ invented }) => invented),
    startLost: mean(({ startLost }) => startLost),
    conflictsShown: mean(({ conflictsShown }) => conflictsShown),
    invariantsBroken: mean(brokenIn),
    invariants: brokenByName(results),
    convergent: shareOf(
      ({ convergent }) => (convergent ? 1 : 0),
      () => 1,
    ),
    distance: meanIfAny(({ distance }) => distance),
    interleaving: meanIfAny(({ interleaving }) => interleaving),
    stalenessMeanMs: mean(({ stalenessMeanMs }) => stalenessMeanMs),
    bytesUp: mean(({ bytesUp }) => bytesUp),
    bytesDown: mean(({ bytesDown }) => bytesDown),
    storageBytes: mean(({ storageBytes }) => storageBytes),
    cpuMs: mean(({ cpuMs }) => cpuMs),
  }
}

/** How often any invariant of the workload was broken. */
export const brokenIn = ({ invariants }: RunResult): number =>
  Object.values(invariants).reduce((all, count) => all + count, 0)

/** The runs of one policy under one workload and conditions, or of several. */
export interface Group extends Summary {
  readonly policy: string
  readonly workload?: string
  readonly conditions?: string
}

/** In the order in which they first appear. */
export function groupsOf(
  results: readonly RunResult[],
  by: readonly ('policy' | 'workload' | 'conditions')[],
): readonly Group[] {
  const groups = Map.groupBy(results, (result) => JSON.stringify(by.map((name) => result[name])))
  return [...groups.values()].flatMap((runs) => {
    const [first] = runs
    if (first === undefined) return []
    const names = Object.fromEntries(by.map((name) => [name, first[name]]))
    return [{ policy: first.policy, ...names, ...summaryOf(runs) }]
  })
}

function sum(results: readonly RunResult[], of: Figure): number {
  let all = 0
  for (const result of results) all += of(result)
  return all
}

function brokenByName(results: readonly RunResult[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const { invariants } of results)
    for (const [name, count] of Object.entries(invariants)) sums[name] = (sums[name] ?? 0) + count
  return sums
}
