import { tree as declare } from '@rejoin/schema'
import type { Json, TreeDraft, TreeNode } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import type { Done } from '../write.ts'
import { expectOneOf, unseenOf } from './concurrent.ts'
import { madeIn, otherOrder, otherThan, unordered } from './places.ts'
import type { PlaceDeed, ShownThing } from './places.ts'

type Tree = TreeDraft<Json, Json>

/** Every node that is there is shown once, under the last parent it was given, as far as that is there. */
export const tree: Subject = subject<Tree, PlaceDeed>({
  declaration: declare(),
  verbs: ['insert', 'insert', 'insert', 'move', 'move', 'move', 'set', 'delete'],
  perform(draft, { verb, a, b }, fresh) {
    const ids = below(draft, null)
    if (verb === 'insert') {
      const parent = [null, ...ids][a % (ids.length + 1)] ?? null
      const value = fresh()
      const id = draft.insert(parent, b % (draft.children(parent).length + 1), value)
      return { kind: 'insert', made: [{ id, value, parent }], after: orderIn(draft) }
    }
    const id = ids[a % Math.max(1, ids.length)]
    if (id === undefined) return undefined
    if (verb === 'set') {
      const value = fresh()
      draft.set(id, value)
      return { kind: 'set', id, value, after: orderIn(draft) }
    }
    const own = [id, ...below(draft, id)]
    if (verb === 'delete') {
      // Leaves more often than branches, so that something is left.
      if (own.length > 1 + (b % 4)) return undefined
      draft.delete(id)
      return { kind: 'delete', ids: own, after: orderIn(draft) }
    }
    const parents = [null, ...ids.filter((one) => !own.includes(one))]
    const parent = parents[b % parents.length] ?? null
    const siblings = draft.children(parent).filter((one) => one !== id)
    const index = a % (siblings.length + 1)
    // Where it is already: nothing is written.
    if (draft.parent(id) === parent && draft.children(parent)[index] === id) return undefined
    draft.move(id, parent, index)
    return { kind: 'move', id, parent, after: orderIn(draft) }
  },
  again: unordered,
  fault({ view }, deeds) {
    const shown = flat(view as readonly TreeNode<number>[])
    const wrong = otherThan(shown, deeds)
    if (wrong !== undefined || deeds.some((deed) => !isPlain(deed, deeds))) return wrong
    return otherPlaces(shown, deeds) ?? otherOrder(siblingsIn(shown), deeds)
  },
})

function below(draft: Tree, parent: string | null): readonly string[] {
  return draft.children(parent).flatMap((id) => [id, ...below(draft, id)])
}

const orderIn = (draft: Tree): PlaceDeed['after'] =>
  new Map([null, ...below(draft, null)].map((id) => [id, draft.children(id)]))

/** No node can stand below itself: this ends. */
const flat = (nodes: readonly TreeNode<number>[], parent: string | null = null): readonly ShownThing[] =>
  nodes.flatMap(({ id, value, children }) => [{ id, value, parent }, ...flat(children, id)])

function siblingsIn(shown: readonly ShownThing[]): readonly (readonly string[])[] {
  return [...Map.groupBy(shown, ({ parent }) => parent).values()].map((group) => group.map(({ id }) => id))
}

/** Where a node was put, by whom nobody moved it who had seen that; several only if they are equally late. */
interface Place {
  readonly parents: readonly (string | null)[]
  readonly stamp: number
}

function placesIn(deeds: readonly Done<PlaceDeed>[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const { id, parent, done } of madeIn(deeds)) {
    const moves = deeds.filter((move) => move.what.kind === 'move' && move.what.id === id && move.saw(done))
    const stamp = Math.max(...unseenOf(moves).map(({ write }) => write.stamp))
    const latest = unseenOf(moves).filter(({ write }) => write.stamp === stamp)
    const parents = latest.flatMap(({ what }) => (what.kind === 'move' ? [what.parent] : []))
    places.set(id, moves.length === 0 ? { parents: [parent], stamp: done.write.stamp } : { parents, stamp })
  }
  return places
}

/** The cycle that one gets into by going up, if any. */
function cycleAbove(id: string, places: ReadonlyMap<string, Place>): readonly string[] {
  const path: string[] = []
  for (let at: string | null | undefined = id; at !== null && at !== undefined; at = places.get(at)?.parents[0]) {
    if (path.includes(at)) return path.slice(path.indexOf(at))
    path.push(at)
  }
  return []
}

function otherPlaces(shown: readonly ShownThing[], deeds: readonly Done<PlaceDeed>[]): string | undefined {
  const places = placesIn(deeds)
  if ([...places.values()].some(({ parents }) => parents.length > 1)) return undefined
  const key = (id: string): readonly [number, string] => [places.get(id)?.stamp ?? 0, id]
  for (const { id, parent } of shown) {
    const wanted = places.get(id)?.parents[0] ?? null
    const cycle = cycleAbove(id, places)
    const [lowest] = [...cycle].sort((one, other) => compare(key(one), key(other)))
    const expected = wanted === null || !places.has(wanted) || lowest === id ? null : wanted
    const wrong = expectOneOf(parent, [expected])
    if (wrong !== undefined) return `${id} is under ${wrong} in ${shownAs(shown)}`
  }
  return undefined
}

const compare = (a: readonly [number, string], b: readonly [number, string]): number =>
  a[0] === b[0] ? (a[1] < b[1] ? -1 : 1) : a[0] - b[0]

const plain = new WeakMap<PlaceDeed, boolean>()

/**
 * Whether its author saw every node where it had been put. Otherwise the edit may have put others where they were seen,
 * which the model does not follow.
 */
function isPlain(deed: Done<PlaceDeed>, deeds: readonly Done<PlaceDeed>[]): boolean {
  const known = plain.get(deed.what)
  if (known !== undefined) return known
  const places = placesIn(deeds.filter((other) => deed.saw(other)))
  const isWhole = [...places].every(
    ([id, { parents }]) =>
      parents.length === 1 &&
      (parents[0] === null || places.has(parents[0] ?? '')) &&
      cycleAbove(id, places).length === 0,
  )
  plain.set(deed.what, isWhole)
  return isWhole
}
