import type { HistoryFacts } from '../statistics.ts'
import type { World } from './world.ts'

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
