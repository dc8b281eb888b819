import type { Engine, EngineDocument, Update } from '@rejoin/documents'

/** Where an author types the next character, inside what they have typed so far at this place. */
export type Typing = (typed: { readonly length: number; readonly last: number }, random: () => number) => number

/** Ways of typing, each character a change of its own. */
export const typings: Readonly<Record<string, Typing>> = {
  'forward': ({ last }) => last + 1,
  'backward': ({ last }) => Math.max(0, last),
  /** After every fifth character or so, on average, the cursor goes to somewhere in one's own text. */
  'with jumps': ({ length, last }, random) => (random() < 0.2 ? Math.floor(random() * (length + 1)) : last + 1),
}

const charactersMin = 8
const charactersMore = 25
const authorsMax = 4
const elsewhereMax = 40

/**
 * The authors of the characters at one place, in the order in which they end up, after two to four of them have typed
 * there without knowing of each other, and have made some changes elsewhere before.
 */
export function typeTogether(engine: Engine, typing: Typing, random: () => number): readonly number[] {
  const below = (limit: number): number => Math.floor(random() * limit)
  const base = writtenBy(engine, [], below(2 ** 32), (document) => document.text.insert(0, '()'))
  const authors = 2 + below(authorsMax - 1)
  const updates = Array.from({ length: authors }, (_, author) => {
    const client = below(2 ** 32)
    const elsewhere = Array.from({ length: below(elsewhereMax) }, () => (document: EngineDocument) => {
      document.list.insert(0, [0])
    })
    const places = placesOf(typing, charactersMin + below(charactersMore), random)
    const here = places.map((place) => (document: EngineDocument) => {
      document.text.insert(1 + place, String.fromCodePoint(firstAuthor + author))
    })
    return writtenBy(engine, base, client, ...elsewhere, ...here)
  })
  const document = engine.create()
  document.apply([...base, ...updates.flat()])
  const text = document.text.read().slice(1, -1)
  document.dispose()
  return [...text].map((character) => (character.codePointAt(0) ?? 0) - firstAuthor)
}

const firstAuthor = 0x61

function placesOf(typing: Typing, count: number, random: () => number): readonly number[] {
  const places: number[] = []
  for (let length = 0; length < count; length++) places.push(typing({ length, last: places.at(-1) ?? -1 }, random))
  return places
}

function writtenBy(
  engine: Engine,
  base: readonly Update[],
  client: number,
  ...changes: readonly ((document: EngineDocument) => void)[]
): readonly Update[] {
  const document = engine.create()
  document.apply(base)
  document.setClient(client)
  const updates = changes.flatMap((change) => document.transact(() => change(document)) ?? [])
  document.dispose()
  return updates
}

/** Numbers from 0 to 1 that follow from a seed. */
export function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
