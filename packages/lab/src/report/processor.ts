import type { Block } from '../page/index.ts'
import type { Lab } from './lab.ts'
import { matrix, marks } from './matrix.ts'
import type { MatrixColumn } from './matrix.ts'
import { cpuAgainst } from './measures.ts'
import { exact, sessionsIn } from './recorded.ts'
import { told } from './told.ts'

/** Against the first policy of the plan that merges; against the first if none does. */
export function processor(lab: Lab): Block[] {
  const { input, runs, policies, apps, cases } = lab
  const limit = (input.policies.find(({ form }) => form === 'merging') ?? input.policies[0])?.name
  if (limit === undefined) return []
  const column = (name: string, workloads: readonly string[]): MatrixColumn => {
    const measure = cpuAgainst(runs.of({ policies: [limit], workloads }))
    return { name, measure, of: (policy) => lab.estimate(measure, { policies: [policy], workloads }) }
  }
  const played = [...sessionsIn(lab)].map(([name, results]): MatrixColumn => {
    const base = results.find(({ policy }) => policy === limit)?.cpuMs ?? 0
    return {
      name,
      measure: exact((mean) => told({ mean, low: null, high: null })),
      of: (policy) => {
        const result = results.find((each) => each.policy === policy)
        return result === undefined || !(base > 0) ? undefined : { mean: result.cpuMs / base, low: null, high: null }
      },
    }
  })
  const table = matrix({
    id: 'processor-time',
    caption: `Processor time of the same runs, all of the simulation included, as a multiple of what they take under ${limit}. ${marks}`,
    of: 'policy',
    rows: policies,
    columns: [column('apps', apps), column('plain cases', cases), ...played],
  })
  const from = runs.all.length === 0 ? 'recordings' : 'seeds'
  return [
    {
      kind: 'paragraph',
      text: `Processor time is the only thing in this report that does not follow from the ${from}. All that stands before this section comes out the same, byte by byte, whenever and wherever the command is run again.`,
    },
    ...table,
  ]
}
