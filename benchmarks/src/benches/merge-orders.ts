import type { Seeded } from '../seeded.ts'

/** In which a replica may get what others wrote. `a tenth twice` is shuffled, too. */
export type Order = 'causal' | 'shuffled' | 'reversed' | 'a tenth twice'

export type Orders<U> = Readonly<Record<Order, readonly U[]>>

export const ordersOf = <U>(updates: readonly U[], random: Seeded): Orders<U> => ({
  'causal': updates,
  'shuffled': shuffled(updates, random),
  'reversed': updates.toReversed(),
  'a tenth twice': shuffled([...updates, ...updates.filter(() => random.integer(10) === 0)], random),
})

export const shuffled = <U>(updates: readonly U[], random: Seeded): readonly U[] =>
  updates
    .map((update) => ({ update, rank: random.float() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ update }) => update)

export function chunksOf<U>(updates: readonly U[], size: number): (readonly U[])[] {
  const chunks: (readonly U[])[] = []
  for (let i = 0; i < updates.length; i += size) chunks.push(updates.slice(i, i + size))
  return chunks
}
