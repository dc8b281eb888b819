import type { Block, Section } from '../page/index.ts'
import { at, baseOf, column, intervalsIn, lossOf } from './columns.ts'
import { clockRows } from './conditions.ts'
import { familiesOf, listed } from './lab.ts'
import type { Lab } from './lab.ts'
import { matrix, marks } from './matrix.ts'
import * as measures from './measures.ts'
import type { Measure } from './measures.ts'
import { ranges, whole } from './told.ts'

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
export function lostByWorkload(lab: Lab): Block[] {
  const table = (id: string, kind: string, workloads: readonly string[]): Block[] =>
    matrix({
      id,
      caption: `Lost and overruled effects, as shares of all effects, in ${kind}${at(lab)}. ${intervalsIn(lab)} ${marks}`,
      of: 'policy',
      rows: lab.policies,
      columns: workloads.flatMap((name) => lossOf(lab, name, baseOf(lab, [name]))),
      together: 2,
    })
  return [
    ...table('lost-by-workload', 'the apps', lab.apps),
    ...table('lost-by-workload-cases', 'the plain cases of one kind of field', lab.cases),
  ]
}

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
    caption: `What it costs, in ${lab.mainName}${at(lab)}: bytes sent up and down for each edit, what one device keeps at the end of a run, and how long an edit takes to another device. ${lab.input.seeds.length === 1 ? 'One seed.' : 'Means over seeds.'} ${marks}`,
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
