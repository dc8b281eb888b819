import { areApart, doing, saw } from './act.ts'
import type { Act } from './act.ts'
import type { Neighbours, Placing } from './neighbours.ts'
import type { Fate, Told } from './tally.ts'

/**
 * What became of each move. One that somebody who knew of it has followed by another, or by a removal, is kept as a value
 * is that was replaced. The last is told by its neighbours; where they tell nothing, or the item was removed at the same
 * time, it is untold. One that does not stand is overruled only if another that was made at the same time may.
 */
export function fatesOfMoves(acts: readonly Act[], neighbours: Neighbours): readonly Told[] {
  const moves = doing<'place' | 'move'>(acts, 'move')
  const isLast = (move: Placing): boolean => !neighbours.actsOn(move.deed.item).some((other) => saw(other, move))
  const last = new Map(moves.filter(isLast).map((move) => [move, neighbours.standsAsPut(move)]))
  const fateOf = (move: Placing): Fate => {
    if (!last.has(move)) return 'kept'
    if (neighbours.removalsOf(move.deed.item).length > 0) return 'untold'
    const stands = last.get(move)
    if (stands === undefined) return 'untold'
    if (stands) return 'kept'
    const mayStand = ([other, stands]: readonly [Placing, boolean | undefined]): boolean =>
      stands !== false && other.deed.item === move.deed.item && areApart(other, move)
    return [...last].some(mayStand) ? 'overruled' : 'lost'
  }
  return moves.map((move) => [move, fateOf(move)])
}

/** Whether it is certain that a new item stands where it was not put: nobody has moved it, nor removed it. */
export const isMisplaced = (placing: Placing, neighbours: Neighbours): boolean =>
  neighbours.actsOn(placing.deed.item).every((other) => other === placing) && neighbours.standsAsPut(placing) === false
