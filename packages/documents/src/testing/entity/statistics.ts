import type { World } from './world.ts'

/** What can be said of one history after it was played. */
export interface HistoryFacts {
  readonly replicas: number
  /** Edits, and what made or unmade the entity. */
  readonly operations: number
  /** Whether two replicas wrote one field, neither having seen the other's write. */
  readonly isConcurrent: boolean
}

export const factsOf = (world: World): HistoryFacts => ({
  replicas: world.replicas.length,
  operations: world.operations,
  isConcurrent: isConcurrent(world),
})

/** By what the authors had seen, and by nothing else. */
function isConcurrent({ writes }: World): boolean {
  return writes.some((one, i) =>
    writes.slice(0, i).some((other) =>
      [...one.documents].some(([document, { deeds, seen }]) => {
        const others = other.documents.get(document)?.deeds ?? []
        return (
          other.replica !== one.replica &&
          !seen.has(other) &&
          deeds.some(({ field }) => others.some((deed) => deed.field === field))
        )
      }),
    ),
  )
}

/** What laws are tried on has to be worth it. */
export interface Statistics {
  readonly histories: number
  readonly operations: number
  readonly medianOperations: number
  /** Share of histories with three replicas or more, and truly concurrent writes to one field. */
  readonly concurrent: number
}

export function statisticsOf(facts: readonly HistoryFacts[]): Statistics {
  const operations = facts.map((one) => one.operations).sort((a, b) => a - b)
  const concurrent = facts.filter(({ replicas, isConcurrent }) => replicas >= 3 && isConcurrent)
  return {
    histories: facts.length,
    operations: operations.reduce((sum, count) => sum + count, 0),
    medianOperations: operations[operations.length >> 1] ?? 0,
    concurrent: concurrent.length / Math.max(1, facts.length),
  }
}
