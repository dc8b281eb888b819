/** What can be said of one history after it was played. */
export interface HistoryFacts {
  readonly replicas: number
  /** Edits, and what made or unmade an entity. */
  readonly operations: number
  /** Whether two replicas wrote one field, neither having seen the other's write. */
  readonly isConcurrent: boolean
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
