import { areApart, doing, saw } from './act.ts'
import type { Act } from './act.ts'
import type { Fate } from './tally.ts'

type Placing = ReturnType<typeof doing<'place' | 'move'>>[number]

/**
 * What became of each move. One that somebody who knew of it has followed by another, or by a removal, is kept as a value
 * is that was replaced. Where two items stand to each other nothing changes for as long as neither is moved: not what comes
 * between them, nor what is removed. So the last move is told by items that its author knew and that nobody moved or
 * removed at the same time or later: the one that it was put behind or, of one that was put first, all of them.
 * Where there is none, or the item itself was removed at the same time, it is untold.
 */
export function fatesOfMoves(acts: readonly Act[], versions: readonly (readonly string[])[]): readonly Fate[] {
  const placings = Map.groupBy(doing(acts, 'place', 'move'), ({ deed }) => deed.item)
  const removals = Map.groupBy(doing(acts, 'remove'), ({ deed }) => deed.item)
  const places = versions.map((items) => new Map(items.map((item, index) => [item, index])))
  return doing(acts, 'move').map((move) => {
    const { item, after } = move.deed
    const others = [...(placings.get(item) ?? []), ...(removals.get(item) ?? [])]
    if (others.some((other) => saw(other, move))) return 'kept'
    if (removals.has(item)) return 'untold'
    const beside = (after === null ? [...placings.keys()] : [after]).filter(
      (other) => other !== item && !removals.has(other) && isSteady(placings.get(other), move),
    )
    const told = places.flatMap((place) => standsAsPut(place, item, after, beside) ?? [])
    if (told.length === 0) return 'untold'
    if (told.includes(true)) return 'kept'
    return others.some((other) => areApart(other, move)) ? 'overruled' : 'lost'
  })
}

/** Nobody has placed it but before the move, to the knowledge of who moved. */
const isSteady = (placings: readonly Placing[] | undefined, move: Act): boolean =>
  placings !== undefined && placings.every((placing) => saw(move, placing))

/** Undefined where the item is not there, or none of those beside which it was put. */
function standsAsPut(
  places: ReadonlyMap<string, number>,
  item: string,
  after: string | null,
  beside: readonly string[],
): boolean | undefined {
  const at = places.get(item)
  const there = beside.flatMap((other) => places.get(other) ?? [])
  if (at === undefined || there.length === 0) return undefined
  return there.every((other) => (after === null ? at < other : at > other))
}
