import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing, tallyOf } from './tally.ts'
import { inventedAmong } from './versions.ts'

/** Whoever takes a step has taken all before it, so only a status that stands before it is without it. */
export const judgeStatus: FieldJudge = ({ shape, acts, versions }) => {
  const steps: readonly unknown[] = shape.kind === 'status' ? shape.steps : []
  const reached = Math.max(...versions.map((version) => steps.indexOf(version)))
  const written = doing(acts, 'set')
  return {
    ...nothing,
    ...tallyOf(written.map((act) => [act, steps.indexOf(act.deed.value) > reached ? 'lost' : 'kept'])),
    invented: inventedAmong(
      versions,
      written.map(({ deed }) => deed.value),
    ),
  }
}
