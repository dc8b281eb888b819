import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfThings } from './membership.ts'
import type { Named } from './membership.ts'
import { fatesOfMoves } from './moves.ts'
import { Occurrences } from './occurrences.ts'
import { tallyOf } from './tally.ts'
import { itemsOf } from './versions.ts'

export const judgeOrder: FieldJudge = ({ acts, versions }) => {
  const named = (what: 'place' | 'remove'): readonly Named[] => doing(acts, what).map((act) => [act.deed.item, act])
  const things = membershipsOf(named('place'), named('remove'))
  const shown = new Occurrences(versions.map(itemsOf))
  const placed = [...things].flatMap(([item, thing]) =>
    thing.came.map((coming) => thing.fateOf(coming, shown.isAnywhere(item))),
  )
  return { ...tallyOfThings(things, shown), ...tallyOf([...placed, ...fatesOfMoves(acts, versions.map(itemsOf))]) }
}
