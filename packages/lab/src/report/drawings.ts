import type { Estimate } from '../statistics/estimate.ts'
import { courses, intervals, paired } from '../page/index.ts'
import type { Block, Course, Figure, Group } from '../page/index.ts'
import { clockRows } from './conditions.ts'
import { familiesOf, hasIntervals, headOf } from './lab.ts'
import type { Lab } from './lab.ts'
import { nothing } from './matrix.ts'
import * as measures from './measures.ts'
import type { Measure } from './measures.ts'
import { baseOf } from './columns.ts'

/** What is lost as devices are offline longer, and what is paid for losing less: the two that tell the most. */
export async function mainDrawings(lab: Lab): Promise<Block[]> {
  const drawn = await Promise.all([overTime(lab), lossAgainstConflicts(lab)])
  const figures = drawn.filter((figure) => figure !== undefined)
  return figures.length === 0 ? [] : [{ kind: 'figures', figures }]
}

const percent = ({ mean, low, high }: Estimate): { value: number; low?: number; high?: number } => ({
  value: 100 * mean,
  ...(low === null || high === null ? {} : { low: 100 * low, high: 100 * high }),
})

/** Those of which any was lost under any of the conditions. */
function losing(lab: Lab, conditions: readonly string[]): readonly string[] {
  const isLosing = (policy: string): boolean =>
    (lab.estimate(measures.lost, { policies: [policy], workloads: lab.main, conditions })?.mean ?? 0) > 0
  return lab.policies.filter(isLosing)
}

const lossUnit = 'lost effects, % of all'

/** Six courses can be told apart: one of those that lose nothing, and of the others those that are told by the hybrid clock. */
async function overTime(lab: Lab): Promise<Figure | undefined> {
  const steps = lab.offline.map(({ name }) => name)
  if (steps.length < 2 || lab.main.length === 0) return undefined
  const lossy = losing(lab, steps)
  const kept = lab.policies.filter((policy) => !lossy.includes(policy))
  const { lastPerRow, lastPerField, lastPerRecord } = familiesOf(lab.input)
  const families = [lastPerRow, lastPerField, lastPerRecord].map((family) =>
    family.filter((policy) => lossy.includes(policy)),
  )
  const heads = families.map(headOf)
  const byHead = families.flat().filter((policy) => !heads.includes(policy))
  const course = (name: string, policies: readonly string[]): Course => ({
    name,
    points: steps.map((step) => {
      const estimate = lab.estimate(measures.lost, { policies, workloads: lab.main, conditions: [step] })
      return estimate === undefined ? { value: Number.NaN } : percent(estimate)
    }),
  })
  // Those that are told of for their families before all others.
  const first = lossy
    .filter((policy) => !byHead.includes(policy))
    .toSorted((a, b) => Number(heads.includes(b)) - Number(heads.includes(a)))
    .slice(0, kept.length > 0 ? 5 : 6)
  const drawn = lossy.filter((policy) => first.includes(policy))
  const missing = lossy.filter((policy) => !drawn.includes(policy))
  const list = [
    ...(kept.length > 0 ? [course(kept.join(', '), kept)] : []),
    ...drawn.map((name) => course(name, [name])),
  ]
  return {
    id: 'lost-over-time',
    caption: [
      `Lost effects of ${lab.mainName} as devices are offline longer.${hasIntervals(lab) ? ' Whiskers are 95 % intervals over seeds.' : ''}`,
      ...(missing.length === 0
        ? []
        : [' ', { see: 'lost-by-conditions' }, ` has those that are not drawn: ${missing.join(', ')}.`]),
    ],
    svg: await courses({
      title: `Lost effects of ${lab.mainName} by policy under the conditions ${steps.join(', ')}.`,
      unit: lossUnit,
      along: 'how long devices are offline at a stretch',
      steps,
      courses: list,
    }),
  }
}

async function lossAgainstConflicts(lab: Lab): Promise<Figure | undefined> {
  const read = (measure: Measure, policy: string): { value: number; told: string } => {
    const estimate = lab.estimate(measure, { ...baseOf(lab, lab.main), policies: [policy] })
    return estimate === undefined
      ? { value: Number.NaN, told: nothing }
      : { value: estimate.mean, told: measure.told(estimate) }
  }
  const rows = lab.policies.map((name) => ({
    name,
    values: [read(measures.lost, name), read(measures.conflictsShown, name)] as const,
  }))
  if (rows.every(({ values }) => values.every(({ told }) => told === nothing))) return undefined
  const where = lab.base === undefined ? '' : `, under the conditions ${lab.base.name}`
  return {
    id: 'loss-and-conflicts',
    caption: `What is lost in ${lab.mainName}, and how often people are asked instead${where}.`,
    svg: await paired({
      title: 'Lost effects and conflicts shown by policy.',
      units: [lossUnit, 'conflicts shown in 1,000 edits'],
      rows,
    }),
  }
}

/** All there are, and more: beyond that a drawing is longer than a page. */
const conditionsMost = 9

const meansIn = (lab: Lab): string =>
  hasIntervals(lab)
    ? 'Means and 95 % intervals over seeds.'
    : lab.input.seeds.length === 1
      ? 'One seed.'
      : 'Means over seeds.'

/** Each policy that loses anything under each of the conditions, in two drawings on one scale. */
export async function byConditions(lab: Lab): Promise<Block[]> {
  const { conditions } = lab.input
  const telling = [...lab.offline, ...clockRows(conditions).flat(), ...conditions].map(({ name }) => name)
  const chosen = [...new Set(telling)].slice(0, conditionsMost)
  const shown = conditions.map(({ name }) => name).filter((name) => chosen.includes(name))
  const missing = conditions.map(({ name }) => name).filter((name) => !shown.includes(name))
  const rest =
    missing.length === 0 ? [] : [' ', { see: 'lost-by-conditions' }, ` has what is not drawn: ${missing.join(', ')}.`]
  const lossy = losing(lab, shown)
  if (lossy.length === 0) return []
  const groups = lossy.map((name): Group => {
    const values = shown.flatMap((conditions) => {
      const choice = { policies: [name], workloads: lab.main, conditions: [conditions] }
      const estimate = lab.estimate(measures.lost, choice)
      return estimate === undefined
        ? []
        : [{ name: conditions, ...percent(estimate), told: measures.lost.told(estimate) }]
    })
    return { name, values }
  })
  const reach = Math.max(...groups.flatMap(({ values }) => values.map(({ value, high = value }) => high)))
  const half = Math.floor(groups.length / 2)
  const parts = [groups.slice(0, half), groups.slice(half)].filter((part) => part.length > 0)
  const kept = lab.policies.filter((policy) => !lossy.includes(policy))
  const without = kept.length === 0 ? '' : ` Nothing was lost by ${kept.join(', ')}.`
  const figures = await Promise.all(
    parts.map(async (part, nth): Promise<Figure> => {
      const names = part.map(({ name }) => name).join(', ')
      return {
        id: `lost-by-policy-${nth + 1}`,
        caption: [
          `Lost effects of ${lab.mainName} under the conditions ${shown.join(', ')}: ${names}. ${meansIn(lab)}${without}`,
          ...rest,
        ],
        svg: await intervals({
          title: `Lost effects of ${lab.mainName}: ${names}.`,
          unit: lossUnit,
          groups: part,
          reach,
        }),
      }
    }),
  )
  return [{ kind: 'figures', figures }]
}
