import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfThings } from './membership.ts'
import type { Named } from './membership.ts'
import { fatesOfMoves, isMisplaced } from './moves.ts'
import { Neighbours } from './neighbours.ts'
import { Occurrences } from './occurrences.ts'
import { Standing } from './standing.ts'
import { tallyOf } from './tally.ts'
import type { Told } from './tally.ts'
import { itemsOf } from './versions.ts'

export const judgeOrder: FieldJudge = ({ acts, versions }) => {
  const named = (what: 'place' | 'remove'): readonly Named[] => doing(acts, what).map((act) => [act.deed.item, act])
  const things = membershipsOf(named('place'), named('remove'))
  const shown = new Occurrences(versions.map(itemsOf))
  const neighbours = new Neighbours(
    acts,
    versions.map((version) => new Standing(itemsOf(version))),
  )
  const placed = doing<'place' | 'move'>(acts, 'place').map((act): Told => {
    const { item } = act.deed
    const fate = things.get(item)?.fateOf(act, shown.isAnywhere(item)) ?? 'untold'
    return [act, fate === 'kept' && isMisplaced(act, neighbours) ? 'misplaced' : fate]
  })
  return { ...tallyOfThings(things, shown), ...tallyOf([...placed, ...fatesOfMoves(acts, neighbours)]) }
}
