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

/** Of quick runs; behind each what was measured in six of them, while other programs took the same two cores. */
export const gates: readonly Gate[] = [
  { bench: 'squash', growthOf: 'squash', atMost: 1.4 }, // 0.92 to 1.14; Y.mergeUpdates 1.48 to 1.61
  { bench: 'squash', case: 'text, runs of 2000', contestant: 'squash', atMost: 6 }, // 1.4 to 2.9; Y.mergeUpdates 9.9 to 13.4
  { bench: 'squash', case: 'text, runs of 100', contestant: 'squash', figure: 'B each', atMost: 0.08 }, // 0.060
  { bench: 'squash', case: 'a register, runs of 100', contestant: 'squash', figure: 'B each', atMost: 0.016 }, // 0.012
  { bench: 'codec', case: 'push of keystrokes', contestant: 'encode and decode', atMost: 40 }, // 6.4 to 8.7
  { bench: 'codec', case: 'range of keystrokes', contestant: 'encode and decode', atMost: 40 }, // 7.9 to 14.8
  { bench: 'documents', case: 'edit one field, and view', contestant: 'entity: edit, view', atMost: 4 }, // 0.8 to 1.6
  {
    bench: 'documents',
    case: 'snapshot after 20 edits of any field',
    contestant: 'entity',
    figure: 'B',
    atMost: 1.5, // 1.29
  },
  {
    bench: 'documents',
    case: 'snapshot after 10,000 edits of any field',
    contestant: 'entity',
    figure: 'B',
    atMost: 0.05, // 0.027
  },
  { bench: 'documents', case: 'open to read, after 20 edits', contestant: 'stored view', atMost: 20 }, // 2.0 to 6.1
  { bench: 'merge', case: 'Yjs and Loro, all at once or by the chunk', contestant: 'shuffled', atMost: 5 }, // 0.9 to 1.9
  { bench: 'merge', case: 'Yjs and Loro, all at once or by the chunk', contestant: 'reversed', atMost: 5 }, // 0.8 to 2.0
  { bench: 'merge', case: 'shuffled, one by one: the first 4000', contestant: 'one by one', atMost: 0.15 }, // 0.02
  { bench: 'merge', case: 'Automerge, all at once', contestant: 'causal', atMost: 5 }, // 0.9 to 1.6
  { bench: 'merge', case: 'Automerge, all at once', contestant: 'shuffled', atMost: 6 }, // 0.9 to 1.7
  { bench: 'memory', growthOf: 'server memory', atMost: 0.3 }, // 0.00 to 0.01
]

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
    : `${gate.bench}, “${gate.case}”: ${gate.contestant}, ${gate.figure ?? 'processor time'} / first`

function valueOf(gate: Gate, bench: BenchResult): number | undefined {
  if ('growthOf' in gate) return bench.growth[gate.growthOf]?.exponent
  const contestants = bench.cases.find(({ name }) => name === gate.case)?.contestants ?? []
  const contestant = contestants.find(({ name }) => name === gate.contestant)
  if (gate.figure === undefined) return contestant?.cpuRatio.median
  return (contestant?.figures[gate.figure] ?? Number.NaN) / (contestants[0]?.figures[gate.figure] ?? Number.NaN)
}
