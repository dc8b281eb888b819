/** What stands in a row. */
interface Linked<Item> {
  readonly left: Item | null
  readonly right: Item | null
}

/** Items that stand next to each other, from left to right, and what stands before them. */
export interface Chain<Item> {
  readonly before: Item | null
  readonly items: readonly Item[]
}

/** Puts items in the order in which they stand, looking past those that `skipped` names. Takes linear time. */
export function chainsOf<Item extends Linked<Item>>(
  items: Iterable<Item>,
  has: (item: Item) => boolean,
  skipped: (item: Item) => boolean,
): readonly Chain<Item>[] {
  const done = new Set<Item>()
  const chains: Chain<Item>[] = []
  const beside = (item: Item, side: 'left' | 'right'): Item | null => {
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
    const chain: Item[] = []
    for (let next: Item | null = first; next !== null && has(next); next = beside(next, 'right')) {
      chain.push(next)
      done.add(next)
    }
    chains.push({ before, items: chain })
  }
  return chains
}
