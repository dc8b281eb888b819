import { wasSeenBy } from '../ledger/edit.ts'
import type { Edit } from '../ledger/edit.ts'
import { doing } from './act.ts'
import type { Act } from './act.ts'

/**
 * Where several typed at one place at the same time: of the symbols that are shown of it, in their order, the authors.
 *
 * A place is behind a symbol, or at the beginning, and what was typed there by people none of whom had seen what another
 * of them had typed there: with somebody who had, another place begins, in the order of true time. What an author goes on
 * to type behind what is theirs belongs to it too, word by word or key by key, until they have seen what others typed.
 * If only one author's is left at the end there is nothing to be mixed up.
 */
export function placesIn(acts: readonly Act[], shown: readonly string[]): readonly (readonly number[])[] {
  const typings = doing(acts, 'type')
  const behind = Map.groupBy(typings, ({ deed }) => deed.after)
  const indexes = Map.groupBy(shown.keys(), (index) => shown[index])
  // Most places are one author's, and are left before anything that followed is looked for.
  return [...behind.values()]
    .flatMap(gathered)
    .filter(({ authors }) => authors.size > 1)
    .map(({ authors, begun }) => {
      const of: { readonly at: number; readonly author: number }[] = []
      for (const { deed, edit } of withWhatFollows(begun, behind, authors))
        for (const symbol of deed.symbols)
          for (const at of indexes.get(symbol) ?? []) of.push({ at, author: edit.author })
      return of.sort((a, b) => a.at - b.at).map(({ author }) => author)
    })
    .filter((authors) => new Set(authors).size > 1)
}

type Typing = ReturnType<typeof doing<'type'>>[number]

/** By author, the first that each of them typed at a place. */
type Authors = Map<number, Edit>

interface Place {
  readonly authors: Authors
  readonly begun: Typing[]
}

/** What was typed behind one symbol, in places. */
function gathered(typings: readonly Typing[]): readonly Place[] {
  const places: Place[] = []
  for (const typing of typings) {
    const { edit } = typing
    const newest = places.at(-1)
    const isNew = newest === undefined || knows(edit, newest.authors)
    const place: Place = isNew ? { authors: new Map(), begun: [] } : newest
    if (isNew) places.push(place)
    place.begun.push(typing)
    if (!place.authors.has(edit.author)) place.authors.set(edit.author, edit)
  }
  return places
}

/** Whether its author had seen anything that another one typed there. */
const knows = (edit: Edit, authors: Authors): boolean =>
  [...authors].some(([author, first]) => author !== edit.author && wasSeenBy(first, edit))

/** With what each author went on to type behind what is theirs. Others who typed behind that have seen it. */
function withWhatFollows(
  begun: readonly Typing[],
  behind: ReadonlyMap<string | null, readonly Typing[]>,
  authors: Authors,
): ReadonlySet<Typing> {
  const all = new Set(begun)
  // A set goes on to what is added to it on the way.
  for (const { deed } of all)
    for (const symbol of deed.symbols)
      for (const typing of behind.get(symbol) ?? []) if (!knows(typing.edit, authors)) all.add(typing)
  return all
}
