import type { Block, Section } from '../page/index.ts'
import { clockRows } from './conditions.ts'
import { familiesOf, hasIntervals, listed } from './lab.ts'
import type { Lab } from './lab.ts'
import { matrix, marks, nothing } from './matrix.ts'
import type { MatrixColumn } from './matrix.ts'
import * as measures from './measures.ts'
import type { Measure } from './measures.ts'
import type { Choice } from './runs.ts'
import { ranges, share, whole } from './told.ts'

const column = (lab: Lab, name: string, measure: Measure, choice: Choice): MatrixColumn => ({
  name,
  measure,
  of: (policy) => lab.estimate(measure, { ...choice, policies: [policy] }),
})

/** What is lost and what is overruled, side by side. Who loses more has less to overrule: no best of that. */
const lossOf = (lab: Lab, name: string, choice: Choice): MatrixColumn[] => [
  column(lab, `lost, ${name}`, measures.lost, choice),
  { ...column(lab, `overruled, ${name}`, measures.overruled, choice), best: 'none' },
]

/** What stands behind a mean. */
const intervalsIn = (lab: Lab): string =>
  hasIntervals(lab) ? 'Mean over seeds with its 95 % interval.' : 'Mean over seeds.'

export function lostByConditions(lab: Lab): Block[] {
  const { input, policies, main } = lab
  return matrix({
    id: 'lost-by-conditions',
    caption: `Lost and overruled effects of ${lab.mainName}, as shares of all effects, by conditions. ${intervalsIn(lab)} ${marks}`,
    of: 'policy',
    rows: policies,
    columns: input.conditions.flatMap(({ name }) => lossOf(lab, name, { workloads: main, conditions: [name] })),
    together: 2,
  })
}

/** Apps, and the plain cases of one kind of field, in tables of their own. */
export const lostByWorkload = (lab: Lab): Block[] =>
  byWorkload(lab, 'lost-by-workload', 'Lost and overruled effects, as shares of all effects', (name) =>
    lossOf(lab, name, baseOf(lab, [name])),
  )

/** Of entities that have nothing but single values: where others have figures, which do not tell the two apart. */
export function values(lab: Lab): Block[] {
  const plain = lab.input.workloads.filter(({ entities }) =>
    Object.values(entities).every(({ shape }) => Object.values(shape).every(({ kind }) => kind === 'value')),
  )
  const tables = plain.flatMap(({ name }, nth) =>
    matrix({
      id: nth === 0 ? 'values' : `values-${nth + 1}`,
      caption: `What does not stand of the effects of ${name}, which has nothing but single values${at(lab)}. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: [
        column(lab, 'lost', measures.lost, baseOf(lab, [name])),
        { ...column(lab, 'overruled', measures.overruled, baseOf(lab, [name])), best: 'none' },
        column(lab, 'lost or overruled', measures.lostOrOverruled, baseOf(lab, [name])),
      ],
    }),
  )
  if (tables.length === 0) return []
  return [
    {
      kind: 'paragraph',
      text: [
        'Figures of others for last write wins in stores of single values, such as Riak and those after Dynamo, count every acknowledged write that does not stand though nobody replaced it who had seen it: ' +
          'lost and overruled together. What is to be compared with those is the sum in ',
        { see: 'values' },
        '.',
      ],
    },
    ...tables,
  ]
}

function byWorkload(lab: Lab, id: string, what: string, columns: (workload: string) => MatrixColumn[]): Block[] {
  const table = (id: string, kind: string, workloads: readonly string[]): Block[] =>
    matrix({
      id,
      caption: `${what}, in ${kind}${at(lab)}. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: workloads.flatMap(columns),
      together: columns('').length,
    })
  return [
    ...table(id, 'the apps', lab.apps),
    ...table(`${id}-cases`, 'the plain cases of one kind of field', lab.cases),
  ]
}

/** The policy that others are seen against: what many apps have. */
const usual = 'lww-field-hlc'

export function sideEffects(lab: Lab): Block[] {
  const choice = baseOf(lab, lab.main)
  const beyond = measures.lostBeyond(lab.runs.of({ ...choice, policies: [usual] }))
  return [
    ...matrix({
      id: 'effects',
      caption: `What became of the effects of ${lab.mainName}${at(lab)}, as shares of them. Against ${usual}: how much more or less is lost, in points of a hundred, seed by seed, since people throw the same dice under every policy. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: [
        column(lab, 'lost', measures.lost, choice),
        { ...column(lab, 'overruled', measures.overruled, choice), best: 'none' },
        { ...column(lab, 'retention', measures.retention, choice), best: 'most' },
        column(lab, 'misplaced', measures.misplaced, choice),
        { ...column(lab, 'untold', measures.untold, choice), best: 'none' },
        { ...column(lab, `lost, against ${usual}`, beyond, choice), best: 'none' },
      ],
    }),
    ...matrix({
      id: 'side-effects',
      caption: `What else came of ${lab.mainName}${at(lab)}: ghosts also as a share of what was deleted, the rest for each 1,000 edits. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: [
        column(lab, 'ghosts', measures.ghosts, choice),
        column(lab, 'ghosts, of deletions', measures.ghostShare, choice),
        column(lab, 'doubled', measures.doubled, choice),
        column(lab, 'invented', measures.invented, choice),
        column(lab, 'lost of the start', measures.startLost, choice),
        column(lab, 'conflicts shown', measures.conflictsShown, choice),
      ],
    }),
    ...whyVersionsAreLost(lab),
  ]
}

/** Why those who keep all versions lose about as much as those who keep one. */
function whyVersionsAreLost({ input }: Lab): Block[] {
  const { keeping } = familiesOf(input)
  if (keeping.length === 0) return []
  return [
    {
      kind: 'paragraph',
      text: [
        ...listed(keeping),
        ` ${keeping.length === 1 ? 'keeps' : 'keep'} every version until somebody writes the field again: what a person writes then is made of one of them, and replaces every version that the device had. So what was only in the others is lost, as late as with the next edit of that field.`,
      ],
    },
  ]
}

export function brokenByWorkload(lab: Lab): Block[] {
  return byWorkload(lab, 'broken', 'Runs with at least one invariant broken', (name) => [
    column(lab, name, measures.broken, baseOf(lab, [name])),
  ])
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

/** By policies that decide by a clock or in spite of it, where only the clocks differ. */
export function clocks(lab: Lab): Block[] {
  const ordered = lab.policies.filter((name) => name.startsWith('lww-'))
  if (ordered.length === 0) return []
  return clockRows(lab.input.conditions).flatMap((row, nth) =>
    matrix({
      id: nth === 0 ? 'clocks' : `clocks-row-${nth + 1}`,
      caption: `Lost and overruled effects of ${lab.mainName}, as shares of all effects, by how wrong clocks are. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: ordered,
      columns: row.flatMap(({ name }) => lossOf(lab, name, { workloads: lab.main, conditions: [name] })),
      together: 2,
    }),
  )
}

export function texts(lab: Lab): Section[] {
  const of = (id: string, what: string, measure: Measure): Block[] =>
    matrix({
      id,
      caption: `${what}${at(lab)}. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: [...lab.apps, ...lab.cases].map((name) => column(lab, name, measure, baseOf(lab, [name]))),
    })
  const parts: Section[] = [
    {
      title: 'Distance to the causal result',
      blocks: of(
        'distance',
        'Insertions and deletions to what would stand had all been done on one device, as a share of its length',
        measures.distance,
      ),
    },
    {
      title: 'Interleaving',
      blocks: of(
        'interleaving',
        'How much is mixed up of what several typed at one place at the same time: 0 is nothing, 1 all',
        measures.interleaving,
      ),
    },
  ]
  return parts.filter(({ blocks }) => blocks.length > 0)
}

export function cost(lab: Lab): Block[] {
  const choice = baseOf(lab, lab.main)
  return matrix({
    id: 'cost',
    caption: `What it costs, in ${lab.mainName}${at(lab)}: bytes sent up and down for each edit, what one device keeps at the end of a run, and how long an edit takes to another device. Means over seeds. ${marks}`,
    of: 'policy',
    rows: lab.policies,
    columns: [
      column(lab, 'up', measures.bytesUp, choice),
      column(lab, 'down', measures.bytesDown, choice),
      column(lab, 'kept', measures.storage, choice),
      column(lab, 'staleness, mean', measures.stalenessMean, choice),
      column(lab, 'staleness, p95', measures.stalenessP95, choice),
    ],
  })
}

export function convergence({ runs, policies }: Lab): Block[] {
  const all = runs.all
  if (all.length === 0) return []
  const apart = all.filter(({ convergent }) => !convergent)
  if (apart.length === 0)
    return [
      {
        kind: 'paragraph',
        text: `At the end of every one of the ${whole(all.length)} runs all devices showed the same.`,
      },
    ]
  const items = policies.flatMap((name) => {
    const own = apart.filter(({ policy }) => policy === name)
    if (own.length === 0) return []
    const of = whole(runs.of({ policies: [name] }).length)
    return [
      [
        { code: name },
        `: devices differed at the end of ${whole(own.length)} of ${of} runs, with the seeds ${ranges(own.map(({ seed }) => seed))}.`,
      ],
    ]
  })
  return [
    {
      kind: 'warning',
      text: `At the end of ${whole(apart.length)} of ${whole(all.length)} runs devices showed different things.`,
    },
    { kind: 'list', items },
  ]
}

export const baseOf = ({ base }: Lab, workloads: readonly string[]): Choice => ({
  workloads,
  ...(base === undefined ? {} : { conditions: [base.name] }),
})

const at = ({ base }: Lab): string => (base === undefined ? '' : `, under the conditions ${base.name}`)
