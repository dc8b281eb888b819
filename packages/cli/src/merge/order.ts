import { shuffled } from '../replay/plan.ts'

export const orders = ['causal', 'shuffled', 'reversed', 'doubled'] as const

/** How what the authors wrote comes to a replica; `doubled` is each twice, all shuffled. */
export type Order = (typeof orders)[number]

/** `items` are in the order in which they were made. `draw` gives numbers in [0, 1). */
export function arranged<T>(items: readonly T[], order: Order, draw: () => number): readonly T[] {
  switch (order) {
    case 'causal':
      return items
    case 'shuffled':
      return shuffled(items, draw)
    case 'reversed':
      return items.toReversed()
    case 'doubled':
      return shuffled([...items, ...items], draw)
  }
}
