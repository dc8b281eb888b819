import { doing } from './act.ts'
import { fatesOfAssignments } from './assignments.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing, tallyOf } from './tally.ts'

export const judgeValue: FieldJudge = ({ acts, versions }) => {
  const shown = new Set(versions)
  return { ...nothing, ...tallyOf(fatesOfAssignments(doing(acts, 'set'), ({ deed }) => shown.has(deed.value))) }
}
