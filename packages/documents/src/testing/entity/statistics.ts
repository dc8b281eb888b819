import type { World } from './world.ts'

/** What can be said of one history after it was played. */
export interface HistoryFacts {
  readonly replicas: number
  /** Edits that came to something. */
  readonly operations: number
  /** Whether two replicas wrote one field, neither having seen the other's write. */
  readonly isConcurrent: boolean
}

export const factsOf = (world: World): HistoryFacts => ({
  replicas: world.replicas.length,
  operations: world.writes.length + world.lost,
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
