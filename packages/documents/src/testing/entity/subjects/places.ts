import { shownAs } from '../subject.ts'
import type { Done } from '../write.ts'
import { notLatest, unseenOf } from './concurrent.ts'

/** What was done to things that have ids and places. */
export type PlaceDeed =
  | { readonly kind: 'insert'; readonly made: readonly Made[]; readonly after: Order }
  | { readonly kind: 'set'; readonly id: string; readonly value: number; readonly after: Order }
  | { readonly kind: 'move'; readonly id: string; readonly parent: string | null; readonly after: Order }
  | { readonly kind: 'delete'; readonly ids: readonly string[]; readonly after: Order }

export interface Made {
  readonly id: string
  readonly value: number
  readonly parent: string | null
}

/** In which order its author saw all things then, by parent. */
export type Order = ReadonlyMap<string | null, readonly string[]>

export interface ShownThing extends Made {
  readonly value: number
}

/** Something that is there, and where it was made. An id that came to nothing in its edit may be given once more. */
interface Standing extends Made {
  readonly done: Done<PlaceDeed>
}

/** What is there: what was inserted and not deleted by anybody. A move or another value brings nothing back. */
export function madeIn(deeds: readonly Done<PlaceDeed>[]): readonly Standing[] {
  const deletions = deeds.flatMap((done) => (done.what.kind === 'delete' ? [{ done, ids: done.what.ids }] : []))
  return deeds.flatMap((done) =>
    done.what.kind === 'insert'
      ? done.what.made
          .filter(({ id }) => !deletions.some((deletion) => deletion.ids.includes(id) && deletion.done.saw(done)))
          .map((made) => ({ ...made, done }))
      : [],
  )
}

/** What is wrong unless exactly these are shown, each once, with the values they should have. */
export function otherThan(
  shown: readonly Pick<ShownThing, 'id' | 'value'>[],
  deeds: readonly Done<PlaceDeed>[],
): string | undefined {
  const made = madeIn(deeds)
  const ids = shown.map(({ id }) => id)
  if (new Set(ids).size < ids.length) return `something stands twice in ${shownAs(shown)}`
  const missing = made.find(({ id }) => !ids.includes(id))
  if (missing !== undefined) return `${shownAs(missing)} is missing in ${shownAs(shown)}`
  if (made.length < ids.length) return `something in ${shownAs(shown)} was deleted, or never inserted`
  for (const { id, value, done: insertion } of made) {
    const found = shown.find((one) => one.id === id)?.value
    const sets = deeds.flatMap((done) =>
      done.what.kind === 'set' && done.what.id === id && done.saw(insertion)
        ? [{ ...done, what: { set: done.what.value } }]
        : [],
    )
    const wrong = sets.length > 0 ? notLatest(found, unseenOf(sets)) : found === value ? undefined : shownAs(found)
    if (wrong !== undefined) return `the value of ${id}: ${wrong}`
  }
  return undefined
}

/** What is wrong if two that are where somebody saw them stand in another order now. */
export function otherOrder(
  siblings: readonly (readonly string[])[],
  deeds: readonly Done<PlaceDeed>[],
): string | undefined {
  const moves = deeds.flatMap((done) => (done.what.kind === 'move' ? [{ done, id: done.what.id }] : []))
  const insertions = new Map(madeIn(deeds).map(({ id, done }) => [id, done]))
  const places = new Map(siblings.flatMap((group, at) => group.map((id, place) => [id, { at, place }])))
  for (const deed of deeds) {
    const moved = new Set(moves.filter(({ done }) => done !== deed && !deed.saw(done)).map(({ id }) => id))
    const knows = (insertion: Done<PlaceDeed> | undefined): boolean =>
      insertion !== undefined && (insertion === deed || deed.saw(insertion))
    for (const seen of deed.what.after.values()) {
      const last: number[] = []
      for (const id of seen) {
        const now = moved.has(id) || !knows(insertions.get(id)) ? undefined : places.get(id)
        if (now === undefined) continue
        if (now.place < (last[now.at] ?? -1))
          return `${id} does not stand in the order in which somebody saw ${seen.join(' ')}`
        last[now.at] = now.place
      }
    }
  }
  return undefined
}

/** What stood where a refused move had put it stands elsewhere then. */
export const unordered = (what: PlaceDeed): PlaceDeed => ({ ...what, after: new Map() })
