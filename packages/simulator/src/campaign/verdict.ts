import type { UnrollOptions } from '../schedule/schedule.ts'
import type { Result, Workers } from './runner.ts'

/** One seed and what came of it. */
export interface Verdict {
  readonly seed: number
  readonly result: Result
  /** What is wrong with it, in sentences. */
  readonly wrong: readonly string[]
  /** Whether it ran more than once, to compare. */
  readonly wasCompared: boolean
}

/** What is asked of a seed. */
export interface Question {
  readonly seed: number
  readonly options: UnrollOptions
  readonly compares: boolean
}

/**
 * Runs a seed. To compare, it runs again, and once more with its strikes listed: all must go the same way. With other
 * clocks it must have the same accepted.
 */
export async function judge({ seed, options, compares }: Question, workers: Workers): Promise<Verdict> {
  const task = { kind: 'seed', seed, options } as const
  const result = await workers.run(task)
  if (result.kind === 'lost') return { seed, result, wrong: [result.message], wasCompared: false }
  if (!compares) return { seed, result, wrong: result.wrong, wasCompared: false }
  const again = await workers.run(task)
  const listed = await workers.run({ kind: 'schedule', schedule: result.schedule })
  const clocks = await workers.run({ kind: 'clocks', schedule: result.schedule })
  const differences = [
    ...compare('again', result.trace, again),
    ...compare('with its strikes listed', result.trace, listed),
    ...(clocks.kind === 'lost'
      ? [`run with other clocks, ${clocks.message}`]
      : clocks.wrong.filter((sentence) => !result.wrong.includes(sentence))),
  ]
  return { seed, result, wrong: [...result.wrong, ...differences], wasCompared: true }
}

function compare(how: string, trace: string, other: Result): readonly string[] {
  if (other.kind === 'lost') return [`run ${how}, ${other.message}`]
  return other.trace === trace ? [] : [`[I23] run ${how} it went otherwise: trace ${trace}, then ${other.trace}`]
}
