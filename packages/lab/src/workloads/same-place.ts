import { behind } from '../fields/deed.ts'
import { nothingTypedLost } from './invariants.ts'
import { symbolsOf } from './shown.ts'
import type { Page, Person, Workload } from './workload.ts'

const wordLength = 6
const staysAtIt = 0.9
const erases = 0.08

export const samePlace: Workload = {
  name: 'same-place',
  about: 'Several people write forward from the same place of a text: some key by key, some word by word.',
  parameters: [
    { name: 'texts', value: 2, source: 'the plainest case: few, so that they meet' },
    { name: 'symbols of a word', value: wordLength, source: 'a word of English and the space behind it' },
    {
      name: 'goes on behind the last symbol',
      value: staysAtIt,
      source: 'else begins again at the place where all begin',
    },
    { name: 'erases the last symbol', value: erases, source: 'a slip for every twelve keys' },
  ],
  entities: {
    texts: {
      shape: { text: { kind: 'text' } },
      count: 2,
      start: ({ symbols }) => [{ do: 'type', field: 'text', symbols: symbols(2), after: null, before: null }],
    },
  },
  act(person) {
    const page = person.choose('texts')
    if (page === undefined) return
    const { dice, memory } = person
    const own = ownSymbols(person, page)
    const last = own.at(-1)
    if (last !== undefined && dice.chance(erases)) return page.do({ do: 'erase', field: 'text', symbols: last })
    const symbols = person.symbols(person.nth % 2 === 0 ? 1 : wordLength)
    const goesOn = last !== undefined && dice.chance(staysAtIt)
    memory.set(page.entity, (goesOn ? own.join('') : '') + symbols)
    page.do({
      do: 'type',
      field: 'text',
      symbols,
      ...behind(symbolsOf(page.shown, 'text'), goesOn ? last : begin(page)),
    })
  },
  invariants: [nothingTypedLost({ name: 'nothing typed is lost', of: 'texts', field: 'text' })],
}

/** What the person has typed in one go and is still there. */
function ownSymbols({ memory }: Person, page: Page): readonly string[] {
  const there = new Set(symbolsOf(page.shown, 'text'))
  return [...(memory.get(page.entity) ?? '')].filter((symbol) => there.has(symbol))
}

/** Behind the first of the two symbols that were there before anybody came. */
const begin = (page: Page): string | null => symbolsOf(page.shown, 'text')[0] ?? null
