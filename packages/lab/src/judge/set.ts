import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfMembers } from './membership.ts'
import type { Named } from './membership.ts'
import { itemsOf } from './versions.ts'
import { Occurrences } from './occurrences.ts'

export const judgeSet: FieldJudge = ({ acts, versions }) => {
  const named = (what: 'put' | 'take'): readonly Named[] => doing(acts, what).map((act) => [act.deed.element, act])
  return tallyOfMembers(membershipsOf(named('put'), named('take')), new Occurrences(versions.map(itemsOf)))
}
