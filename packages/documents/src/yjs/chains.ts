import type * as Y from 'yjs'

/** Items that stand next to each other, from left to right, and what stands before them. */
export interface Chain {
  readonly before: Y.Item | null
  readonly items: readonly Y.Item[]
}

/** Puts items in the order in which they stand, looking past those that `skipped` names. Takes linear time. */
export function chainsOf(
  items: Iterable<Y.Item>,
  has: (item: Y.Item) => boolean,
  skipped: (item: Y.Item) => boolean,
): readonly Chain[] {
  const done = new Set<Y.Item>()
  const chains: Chain[] = []
  const beside = (item: Y.Item, side: 'left' | 'right'): Y.Item | null => {
    let next = item[side]
    while (next !== null && skipped(next)) next = next[side]
    return next
  }
  for (const item of items) {
    if (done.has(item)) continue
    let first = item
    let before = beside(first, 'left')
    while (before !== null && has(before)) {
      first = before
      before = beside(first, 'left')
    }
    const chain: Y.Item[] = []
    for (let next: Y.Item | null = first; next !== null && has(next); next = beside(next, 'right')) {
      chain.push(next)
      done.add(next)
    }
    chains.push({ before, items: chain })
  }
  return chains
}
