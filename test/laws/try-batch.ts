import { entityLaws, factsOf, statisticsOf } from '@rejoin/documents/testing'
import type { HistoryFacts } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import type { Batch, Result } from './state.ts'

export const runsInBatch = 200

export function tryBatch({ law: title, seed }: Batch): Result {
  const facts: HistoryFacts[] = []
  try {
    const law = entityLaws.find((one) => one.title === title)
    if (law === undefined) throw new Error(`there is no law ${title}`)
    law.check(yjs, { runs: runsInBatch, seed, watch: (world) => facts.push(factsOf(world)) })
    return { kind: 'held', statistics: statisticsOf(facts) }
  } catch (cause) {
    return { kind: 'broken', message: cause instanceof Error ? cause.message : String(cause) }
  }
}
