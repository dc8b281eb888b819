import { doing } from './act.ts'
import { fatesOfAssignments } from './assignments.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing, tallyOf } from './tally.ts'
import { inventedAmong } from './versions.ts'

export const judgeValue: FieldJudge = ({ acts, versions }) => {
  const shown = new Set(versions)
  const written = doing(acts, 'set')
  const told = fatesOfAssignments(written, ({ deed }) => shown.has(deed.value))
  const invented = inventedAmong(
    versions,
    written.map(({ deed }) => deed.value),
  )
  return { ...nothing, ...tallyOf(told), invented }
}
