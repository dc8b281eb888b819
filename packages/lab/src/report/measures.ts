import type { RunResult } from '../run.ts'
import { estimateOf, estimateOfShares } from '../statistics/estimate.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { bytes, duration, told, toldDifference, toldShare } from './told.ts'

/** What is told of a set of runs: each seed counts once, by all that was run with it. Undefined where nothing was. */
export interface Measure {
  estimate(runs: readonly RunResult[]): Estimate | undefined
  told(estimate: Estimate): string
}

const seedsOf = (runs: readonly RunResult[]): (readonly RunResult[])[] => [
  ...Map.groupBy(runs, ({ seed }) => seed).values(),
]

export const sum = (runs: readonly RunResult[], of: (run: RunResult) => number): number =>
  runs.reduce((total, run) => total + of(run), 0)

function shareOf(count: (run: RunResult) => number, of: (run: RunResult) => number): Measure {
  return {
    estimate: (runs) => {
      const shares = seedsOf(runs).map((seed) => ({ count: sum(seed, count), of: sum(seed, of) }))
      return shares.some((share) => share.of > 0) ? estimateOfShares(shares) : undefined
    },
    told: toldShare,
  }
}

function ratioOf(
  count: (run: RunResult) => number,
  of: (run: RunResult) => number,
  told: (estimate: Estimate) => string,
): Measure {
  return {
    estimate: (runs) => {
      const seeds = seedsOf(runs).filter((seed) => sum(seed, of) > 0)
      return seeds.length === 0 ? undefined : estimateOf(seeds.map((seed) => sum(seed, count) / sum(seed, of)))
    },
    told,
  }
}

const perThousandEdits = (count: (run: RunResult) => number): Measure =>
  ratioOf(
    (run) => 1000 * count(run),
    ({ edits }) => edits,
    told,
  )

/** Over those runs that have one. */
function meanOf(value: (run: RunResult) => number | null, told: (estimate: Estimate) => string): Measure {
  const found = ratioOf(
    (run) => value(run) ?? 0,
    () => 1,
    told,
  )
  return { told, estimate: (runs) => found.estimate(runs.filter((run) => value(run) !== null)) }
}

const one = (): number => 1

export const isBroken = ({ invariants }: RunResult): boolean => Object.values(invariants).some((count) => count > 0)

export const lost: Measure = shareOf(
  ({ lost }) => lost,
  ({ effects }) => effects,
)
export const overruled: Measure = shareOf(
  ({ overruled }) => overruled,
  ({ effects }) => effects,
)
/** What others call lost who do not tell the two apart. */
export const lostOrOverruled: Measure = shareOf(
  ({ lost, overruled }) => lost + overruled,
  ({ effects }) => effects,
)
export const misplaced: Measure = shareOf(
  ({ misplaced }) => misplaced,
  ({ effects }) => effects,
)
/** Of all that was done, what is no effect because nobody can tell what became of it. */
export const untold: Measure = shareOf(
  ({ untold }) => untold,
  ({ effects, untold }) => effects + untold,
)
/** 1 - lost. */
export const retention: Measure = shareOf(
  ({ effects, lost }) => effects - lost,
  ({ effects }) => effects,
)
export const ghostShare: Measure = shareOf(
  ({ ghosts }) => ghosts,
  ({ deletions }) => deletions,
)
export const ghosts: Measure = perThousandEdits(({ ghosts }) => ghosts)
export const doubled: Measure = perThousandEdits(({ doubled }) => doubled)
export const invented: Measure = perThousandEdits(({ invented }) => invented)
export const startLost: Measure = perThousandEdits(({ startLost }) => startLost)
export const conflictsShown: Measure = perThousandEdits(({ conflictsShown }) => conflictsShown)
export const broken: Measure = shareOf((run) => (isBroken(run) ? 1 : 0), one)
export const distance: Measure = meanOf(({ distance }) => distance, toldShare)
export const interleaving: Measure = meanOf(({ interleaving }) => interleaving, told)

const toldBytes = ({ mean }: Estimate): string => bytes(mean)
const toldTime = ({ mean }: Estimate): string => duration(Math.round(mean))

export const bytesUp: Measure = ratioOf(
  ({ bytesUp }) => bytesUp,
  ({ edits }) => edits,
  toldBytes,
)
export const bytesDown: Measure = ratioOf(
  ({ bytesDown }) => bytesDown,
  ({ edits }) => edits,
  toldBytes,
)
export const storage: Measure = meanOf(({ storageBytes }) => storageBytes, toldBytes)
export const stalenessMean: Measure = meanOf(({ stalenessMeanMs }) => stalenessMeanMs, toldTime)
export const stalenessP95: Measure = meanOf(({ stalenessP95Ms }) => stalenessP95Ms, toldTime)

/** How much more is lost than in the same runs of another policy, seed by seed: both throw the same dice. */
export function lostBeyond(other: readonly RunResult[]): Measure {
  const base = Map.groupBy(other, ({ seed }) => seed)
  const lostIn = (runs: readonly RunResult[]): number => sum(runs, (run) => run.lost) / sum(runs, (run) => run.effects)
  return {
    estimate: (runs) => {
      const differences = seedsOf(runs).flatMap((seed) => {
        const difference = lostIn(seed) - lostIn(base.get(seed[0]?.seed ?? 0) ?? [])
        return Number.isFinite(difference) ? [difference] : []
      })
      return differences.length === 0 ? undefined : estimateOf(differences)
    },
    told: toldDifference,
  }
}

/** Against the same runs of another policy, seed by seed. */
export function cpuAgainst(other: readonly RunResult[]): Measure {
  const base = Map.groupBy(other, ({ seed }) => seed)
  const cpuMs = (runs: readonly RunResult[]): number => sum(runs, (run) => run.cpuMs)
  return {
    estimate: (runs) => {
      const ratios = seedsOf(runs).flatMap((seed) => {
        const limit = cpuMs(base.get(seed[0]?.seed ?? 0) ?? [])
        return limit > 0 ? [cpuMs(seed) / limit] : []
      })
      return ratios.length === 0 ? undefined : estimateOf(ratios)
    },
    told,
  }
}
