import type { Block } from '../page/index.ts'
import type { RunResult } from '../run.ts'
import type { Lab } from './lab.ts'
import { matrix } from './matrix.ts'
import type { MatrixColumn } from './matrix.ts'
import { isBroken, sum } from './measures.ts'
import { exact } from './recorded.ts'
import { whole } from './told.ts'

/** Of all that was run, apps and plain cases under all conditions. */
export function totals(lab: Lab): Block[] {
  const count = (name: string, of: (run: RunResult) => number): MatrixColumn => ({
    name,
    measure: exact(whole),
    best: 'none',
    of: (policy) => {
      const runs = lab.runs.of({ policies: [policy] })
      return runs.length === 0 ? undefined : { mean: sum(runs, of), low: null, high: null }
    },
  })
  return matrix({
    id: 'totals',
    caption:
      'Everything that was run, apps and plain cases under all conditions: runs, and in all of them together effects and what became of them; broken: runs with a broken invariant.',
    of: 'policy',
    rows: lab.policies,
    columns: [
      count('runs', () => 1),
      count('effects', ({ effects }) => effects),
      count('lost', ({ lost }) => lost),
      count('overruled', ({ overruled }) => overruled),
      count('misplaced', ({ misplaced }) => misplaced),
      count('ghosts', ({ ghosts }) => ghosts),
      count('doubled', ({ doubled }) => doubled),
      count('invented', ({ invented }) => invented),
      count('broken', (run) => (isBroken(run) ? 1 : 0)),
    ],
  })
}
