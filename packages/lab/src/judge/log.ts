import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfMembers } from './membership.ts'
import { Occurrences } from './occurrences.ts'
import { itemsOf } from './versions.ts'

export const judgeLog: FieldJudge = ({ acts, versions }) => {
  const lines = membershipsOf(
    doing(acts, 'append').map((act) => [act.deed.line, act]),
    [],
  )
  return tallyOfMembers(lines, new Occurrences(versions.map(itemsOf)))
}
