import { hasIntervals } from './lab.ts'
import type { Lab } from './lab.ts'
import type { MatrixColumn } from './matrix.ts'
import * as measures from './measures.ts'
import type { Measure } from './measures.ts'
import type { Choice } from './runs.ts'

export const column = (lab: Lab, name: string, measure: Measure, choice: Choice): MatrixColumn => ({
  name,
  measure,
  of: (policy) => lab.estimate(measure, { ...choice, policies: [policy] }),
})

/** What is lost and what is overruled, side by side. Who loses more has less to overrule: no best of that. */
export const lossOf = (lab: Lab, name: string, choice: Choice): MatrixColumn[] => [
  column(lab, `lost, ${name}`, measures.lost, choice),
  { ...column(lab, `overruled, ${name}`, measures.overruled, choice), best: 'none' },
]

/** What stands behind a mean. */
export const intervalsIn = (lab: Lab): string =>
  hasIntervals(lab)
    ? 'Mean over seeds with its 95 % interval.'
    : lab.input.seeds.length === 1
      ? 'One seed.'
      : 'Mean over seeds.'

export const baseOf = ({ base }: Lab, workloads: readonly string[]): Choice => ({
  workloads,
  ...(base === undefined ? {} : { conditions: [base.name] }),
})

/** The end of a caption of what is told under one condition only. */
export const at = ({ base }: Lab): string => (base === undefined ? '' : `, under the conditions ${base.name}`)
