import type { Block } from '../page/index.ts'
import { at, baseOf, column, intervalsIn } from './columns.ts'
import type { Lab } from './lab.ts'
import { marks, matrix, nothing } from './matrix.ts'
import type { MatrixColumn } from './matrix.ts'
import * as measures from './measures.ts'
import { share } from './told.ts'

export function brokenByWorkload(lab: Lab): Block[] {
  const of = (name: string, workloads: readonly string[]): MatrixColumn =>
    column(lab, name, measures.broken, baseOf(lab, workloads))
  const table = (id: string, kind: string, workloads: readonly string[]): Block[] =>
    matrix({
      id,
      caption: `Runs with at least one invariant broken, in ${kind}${at(lab)}. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: [...(workloads.length > 1 ? [of('all', workloads)] : []), ...workloads.map((name) => of(name, [name]))],
    })
  return [
    ...table('broken', 'the apps', lab.apps),
    ...table('broken-cases', 'the plain cases of one kind of field', lab.cases),
  ]
}

const formsTold = [
  ['whole', 'whole values'],
  ['rows', 'rows'],
  ['merging', 'merging'],
] as const

/** Which of them break, where any does. */
export function brokenByName(lab: Lab): Block[] {
  const { input, runs } = lab
  const byForm = formsTold.flatMap(([form, name]) => {
    const policies = input.policies.filter((policy) => policy.form === form).map((policy) => policy.name)
    return policies.length === 0 ? [] : [{ name, policies }]
  })
  const of = (workload: string, name: string, policies: readonly string[]): string => {
    const some = runs.of({ ...baseOf(lab, [workload]), policies })
    if (some.length === 0) return nothing
    return share(some.filter(({ invariants }) => (invariants[name] ?? 0) > 0).length / some.length)
  }
  const rows = input.workloads.flatMap(({ name: workload, invariants }) =>
    invariants.map(({ name }) => [
      [{ code: workload }],
      name,
      ...byForm.map(({ policies }) => of(workload, name, policies)),
    ]),
  )
  if (rows.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'invariants',
      caption: `Runs in which each invariant was broken, of all policies of a form${at(lab)}.`,
      columns: [
        { name: 'workload', holds: 'words' },
        { name: 'invariant', holds: 'words' },
        ...byForm.map(({ name }) => ({ name, holds: 'numbers' }) as const),
      ],
      rows,
    },
  ]
}
