import { compact } from '@rejoin/lab/page'
import type { RunResult } from './result.ts'
import type { BenchResult } from './runner.ts'

/**
 * What must hold on any machine, however busy: bounds far from what is measured on a quiet one, on growth and on
 * ratios to the first contestant of the same case only.
 */
export type Gate =
  /** The exponent of what grows with the size. */
  | { readonly bench: string; readonly growthOf: string; readonly atMost: number }
  /** The median ratio of processor times, or the ratio of a figure. */
  | {
      readonly bench: string
      readonly case: string
      readonly contestant: string
      readonly figure?: string
      readonly atMost: number
    }

export interface GateVerdict {
  readonly reached: boolean
  readonly sentence: string
}

/** Beside each its value in quick runs, quiet and with two other programs on two cores. */
export const gates: readonly Gate[] = []

/** Of the benchmarks that the result has, or should have; what a gate asks for and is not there misses it. */
export function judgeGates(result: RunResult, all: readonly Gate[] = gates): GateVerdict[] {
  const failed = new Set(result.failures.map(({ bench }) => bench))
  return all.flatMap((gate) => {
    const bench = result.benches.find(({ name }) => name === gate.bench)
    if (bench !== undefined) return [verdictOf(gate, bench)]
    return failed.has(gate.bench) ? [missing(gate)] : []
  })
}

function verdictOf(gate: Gate, bench: BenchResult): GateVerdict {
  const value = valueOf(gate, bench)
  if (value === undefined || Number.isNaN(value)) return missing(gate)
  return { reached: value <= gate.atMost, sentence: `${nameOf(gate)} is ${compact(value)}; gate: ≤ ${gate.atMost}` }
}

const missing = (gate: Gate): GateVerdict => ({ reached: false, sentence: `${nameOf(gate)} was not measured` })

const nameOf = (gate: Gate): string =>
  'growthOf' in gate
    ? `${gate.bench}: the exponent of ${gate.growthOf}`
    : `${gate.bench}, “${gate.case}”: ${gate.contestant}, ${gate.figure ?? 'processor time'} × first`

function valueOf(gate: Gate, bench: BenchResult): number | undefined {
  if ('growthOf' in gate) return bench.growth[gate.growthOf]?.exponent
  const contestants = bench.cases.find(({ name }) => name === gate.case)?.contestants ?? []
  const contestant = contestants.find(({ name }) => name === gate.contestant)
  if (gate.figure === undefined) return contestant?.cpuRatio.median
  return (contestant?.figures[gate.figure] ?? Number.NaN) / (contestants[0]?.figures[gate.figure] ?? Number.NaN)
}
