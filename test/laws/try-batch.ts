import type { Engine } from '@rejoin/documents'
import { statisticsOf } from '@rejoin/documents/testing'
import type { HistoryFacts } from '@rejoin/documents/testing'
import { laws } from './laws.ts'
import type { Batch, Result } from './state.ts'

/** Tries the batch's law on so many histories. */
export function tryBatch(engine: Engine, { law: title, seed }: Batch, runs: number): Result {
  const facts: HistoryFacts[] = []
  try {
    const law = laws.find((one) => one.title === title)
    if (law === undefined) throw new Error(`there is no law ${title}`)
    law.check(engine, { runs, seed, watch: (one) => facts.push(one) })
    return { kind: 'held', statistics: statisticsOf(facts) }
  } catch (cause) {
    return { kind: 'broken', message: cause instanceof Error ? cause.message : String(cause) }
  }
}
