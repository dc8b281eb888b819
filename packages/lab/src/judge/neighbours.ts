import { doing, saw } from './act.ts'
import type { Act } from './act.ts'
import type { Standing } from './standing.ts'

/** Puts an item somewhere: a new one, or one that is there. */
export type Placing = ReturnType<typeof doing<'place' | 'move'>>[number]

/**
 * What the neighbours of items tell. Where two items stand to each other nothing changes for as long as neither is moved:
 * not what comes between them, nor what is removed. So where an item was put last is told by items that its author knew and
 * that nobody moved or removed at the same time or later: the one that it was put behind, and the one that it was put in
 * front of; of one that was put first, all of them.
 */
export class Neighbours {
  readonly #placings: ReadonlyMap<string, readonly Placing[]>
  readonly #removals: ReadonlyMap<string, readonly Act[]>
  readonly #versions: readonly Standing[]

  constructor(acts: readonly Act[], versions: readonly Standing[]) {
    this.#placings = Map.groupBy(doing(acts, 'place', 'move'), ({ deed }) => deed.item)
    this.#removals = Map.groupBy(doing(acts, 'remove'), ({ deed }) => deed.item)
    this.#versions = versions
  }

  /** All that was done to an item. */
  actsOn(item: string): readonly Act[] {
    return [...(this.#placings.get(item) ?? []), ...this.removalsOf(item)]
  }

  removalsOf(item: string): readonly Act[] {
    return this.#removals.get(item) ?? []
  }

  /** In the version that tells the best of it; undefined where neither the item nor a neighbour tells anything. */
  standsAsPut(placing: Placing): boolean | undefined {
    const { item, after, before } = placing.deed
    const known = after === null ? [...this.#placings.keys()] : before === null ? [] : [before]
    const inFront = after === null ? [] : this.#steady([after], placing)
    const behind = this.#steady(known, placing)
    const told = this.#versions.flatMap((version) => {
      if (!version.has(item)) return []
      const front = inFront.filter((other) => version.has(other))
      const back = behind.filter((other) => version.has(other))
      if (front.length + back.length === 0) return []
      return (
        front.every((other) => version.isInFront(other, item)) && back.every((other) => version.isInFront(item, other))
      )
    })
    return told.length === 0 ? undefined : told.includes(true)
  }

  /** Those that nobody has placed but before, to the knowledge of who placed this, and that nobody removed. */
  #steady(others: readonly string[], by: Placing): readonly string[] {
    return others.filter((other) => {
      const placings = this.#placings.get(other)
      if (other === by.deed.item || placings === undefined || this.#removals.has(other)) return false
      return placings.every((placing) => saw(by, placing))
    })
  }
}
