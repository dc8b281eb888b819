import type { Deed } from './deed.ts'

/** What a person who is alone sees, with nothing but arrays. */
export interface Naive {
  title: string | undefined
  count: number
  tags: readonly string[]
  items: readonly string[]
  log: readonly string[]
  votes: Readonly<Record<string, number>>
  text: readonly string[]
}

export const naive = (): Naive => ({
  title: undefined,
  count: 0,
  tags: [],
  items: [],
  log: [],
  votes: {},
  text: [],
})

export function after(seen: Naive, deed: Deed): Naive {
  switch (deed.do) {
    case 'set':
      return { ...seen, title: deed.value }
    case 'add':
      return { ...seen, count: seen.count + deed.amount }
    case 'put':
      return { ...seen, tags: [...new Set([...seen.tags, deed.element])].toSorted() }
    case 'take':
      return { ...seen, tags: seen.tags.filter((tag) => tag !== deed.element) }
    case 'append':
      return { ...seen, log: [...seen.log, deed.line] }
    case 'vote':
      return { ...seen, votes: { ...seen.votes, [deed.by]: deed.stars } }
    case 'remove':
      return { ...seen, items: seen.items.filter((item) => item !== deed.item) }
    case 'move':
      return seen.items.includes(deed.item) ? { ...seen, items: placed(seen.items, deed) } : seen
    case 'place':
      return { ...seen, items: placed(seen.items, deed) }
    case 'type': {
      const at = deed.after === null ? 0 : seen.text.indexOf(deed.after) + 1
      return { ...seen, text: [...seen.text.slice(0, at), ...deed.symbols, ...seen.text.slice(at)] }
    }
    case 'erase':
      return { ...seen, text: seen.text.filter((symbol) => !deed.symbols.includes(symbol)) }
    case 'delete':
      return seen
  }
}

function placed(items: readonly string[], { item, after: behind }: Deed & { do: 'place' | 'move' }): string[] {
  if (behind === item) return [...items]
  const rest = items.filter((each) => each !== item)
  return rest.toSpliced(behind === null ? 0 : rest.indexOf(behind) + 1, 0, item)
}
