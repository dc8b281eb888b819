import type { Piece, Text } from '../page/index.ts'
import type { RunResult } from '../run.ts'
import { clockRows } from './conditions.ts'
import { familiesOf, listed } from './lab.ts'
import type { Lab } from './lab.ts'
import * as measures from './measures.ts'
import { isBroken, sum } from './measures.ts'
import { atOnce, sessionsIn } from './recorded.ts'
import { baseOf } from './results.ts'
import { boundOf, duration, share, told, toldShare, whole } from './told.ts'

type Sentence = readonly Piece[]

/** In one paragraph, every sentence from the figures; one without figures is left out. */
export function summary(lab: Lab): Text {
  const { lastPerRow, lastPerField, lastPerRecord } = familiesOf(lab.input)
  const sentences = [
    scope(lab),
    merged(lab),
    lastWrites(lab, 'per row', lastPerRow),
    lastWrites(lab, 'per field', lastPerField),
    lastWrites(lab, 'per record', lastPerRecord),
    wrongClocks(lab),
    invariants(lab),
    ...keptVersions(lab),
    ...sessions(lab),
  ]
  return sentences.filter((sentence) => sentence.length > 0).flatMap((sentence) => [...sentence, ' '])
}

const many = (count: number, one: string, several: string): string => `${whole(count)} ${count === 1 ? one : several}`

function scope({ input, runs }: Lab): Sentence {
  const parts = [
    many(input.policies.length, 'policy', 'policies'),
    many(input.workloads.length, 'workload', 'workloads'),
    many(input.conditions.length, 'set of conditions', 'sets of conditions'),
    many(input.seeds.length, 'seed', 'seeds'),
  ]
  const edits = sum(runs.all, ({ edits }) => edits)
  return [`${many(runs.all.length, 'run', 'runs')} of ${parts.join(' × ')}, ${many(edits, 'edit', 'edits')} in all.`]
}

/** Of all that merges, with what so many effects without a loss leave possible. */
function merged(lab: Lab): Sentence {
  const { merging } = familiesOf(lab.input)
  const runs = lab.runs.of({ policies: merging })
  const effects = sum(runs, (run) => run.effects)
  const lost = measures.lost.estimate(runs)
  if (lost === undefined) return []
  const count = sum(runs, (run) => run.lost)
  const begin: Sentence = ['What merges by the kinds of its fields, ', ...listed(merging), ', lost ']
  const besides = [
    ...told0(
      sum(runs, (run) => run.misplaced),
      'misplaced nothing',
      'misplaced effects',
    ),
    ...told0(
      sum(runs, (run) => run.ghosts),
      'brought nothing back',
      'ghosts',
    ),
    ...told0(
      sum(runs, (run) => run.doubled),
      'doubled nothing',
      'doubled effects',
    ),
    ...told0(
      sum(runs, (run) => run.invented),
      'invented nothing',
      'invented things',
    ),
    ...told0(runs.filter(isBroken).length, 'broke no invariant', 'runs with a broken invariant'),
  ]
  const overruled = sum(runs, (run) => run.overruled)
  const bound =
    count === 0 && lost.high !== null
      ? `none of ${whole(effects)} effects and overruled ${whole(overruled)}: with 95 % confidence it loses fewer than ${boundOf(lost.high)} of them, per effect and as if effects were independent, and something in fewer than 3 of ${whole(runs.length)} runs (${boundOf(Math.min(1, 3 / runs.length))}), of which none lost anything (the rule of three). It `
      : `${whole(count)} of ${whole(effects)} effects (${toldShare(lost)}) and overruled ${whole(overruled)}; it `
  return [...begin, `${bound}${besides.slice(0, -1).join(', ')} and ${besides.at(-1) ?? ''}.`]
}

const told0 = (count: number, none: string, some: string): readonly string[] => [
  count === 0 ? none : `had ${whole(count)} ${some}`,
]

/** All orders of one unit together, as devices are offline longer. */
function lastWrites(lab: Lab, unit: string, policies: readonly string[]): Sentence {
  const parts = lab.offline.flatMap(({ name }): Sentence[] => {
    const choice = { policies, workloads: lab.main, conditions: [name] }
    const [lost, overruled] = [measures.lost, measures.overruled].map((measure) =>
      policies.length === 0 ? undefined : lab.estimate(measure, choice),
    )
    return lost === undefined || overruled === undefined
      ? []
      : [[`${toldShare(lost)} and overruled ${toldShare(overruled)} under `, { code: name }]]
  })
  if (parts.length === 0) return []
  const joined = parts.flatMap((part, i): Sentence => {
    const before = i === 0 ? '' : i === parts.length - 1 ? ', and ' : ', '
    return [before, ...part]
  })
  return [`Of the effects in ${lab.mainName}, last write wins ${unit} lost `, ...joined, '.']
}

/** Where clocks are wrong the most, against the same with right ones. */
function wrongClocks(lab: Lab): Sentence {
  const row = clockRows(lab.input.conditions)[0]
  const [right, wrong] = [row?.[0], row?.at(-1)]
  if (right === undefined || wrong === undefined) return []
  const of = (order: string, conditions: string): string | undefined => {
    const policies = lab.policies.filter((name) => name.startsWith('lww-') && name.endsWith(order))
    if (policies.length === 0) return undefined
    const estimate = lab.estimate(measures.lost, { policies, workloads: lab.main, conditions: [conditions] })
    return estimate && toldShare(estimate)
  }
  const orders = [
    ['the wall clock', '-clock'],
    ['a hybrid clock', '-hlc'],
    ['arrival', '-arrival'],
  ] as const
  const parts = orders.flatMap(([name, order]) => {
    const [before, after] = [of(order, right.name), of(order, wrong.name)]
    return before === undefined || after === undefined ? [] : [`by ${name} from ${before} to ${after}`]
  })
  if (parts.length === 0) return []
  return [
    `With clocks wrong by up to ${duration(wrong.skewMs)} (`,
    { code: wrong.name },
    `) instead of ${right.skewMs === 0 ? 'right ones' : duration(right.skewMs)} (`,
    { code: right.name },
    `), what last write wins lost went ${parts.join(', ')}.`,
  ]
}

function invariants(lab: Lab): Sentence {
  const { lastPerRow, lastPerField, lastPerRecord, merging } = familiesOf(lab.input)
  const of = (policies: readonly string[]): readonly RunResult[] => lab.runs.of({ ...baseOf(lab, lab.main), policies })
  const parts = [
    ['last write wins per row', lastPerRow],
    ['last write wins per field', lastPerField],
    ['last write wins per record', lastPerRecord],
    ['what merges', merging],
  ] as const
  const found = parts.flatMap(([name, policies]) => {
    const estimate = policies.length === 0 ? undefined : measures.broken.estimate(of(policies))
    return estimate === undefined ? [] : [`${estimate.mean === 0 ? 'none' : toldShare(estimate)} with ${name}`]
  })
  if (found.length === 0) return []
  const where: Sentence = lab.base === undefined ? [] : [' under ', { code: lab.base.name }]
  return [`Of the runs of ${lab.mainName}`, ...where, `, at least one invariant was broken in ${found.join(', ')}.`]
}

/** What is paid where nothing is decided. */
function keptVersions(lab: Lab): Sentence[] {
  const { base } = lab
  if (base === undefined) return []
  return familiesOf(lab.input).keeping.flatMap((policy): Sentence[] => {
    const choice = { policies: [policy], workloads: lab.main, conditions: [base.name] }
    const shown = lab.estimate(measures.conflictsShown, choice)
    const lost = lab.estimate(measures.lost, choice)
    if (shown === undefined || lost === undefined) return []
    const overruled = lab.estimate(measures.overruled, choice)
    const loss = `${lost.mean === 0 ? 'lost nothing' : `lost ${toldShare(lost)}`}${overruled === undefined ? '' : `, overruled ${toldShare(overruled)}`}`
    return [
      [
        { code: policy },
        ` ${loss} under `,
        { code: base.name },
        `, and showed people ${told(shown)} conflicts in 1,000 edits.`,
      ],
    ]
  })
}

const sessions = (lab: Lab): Sentence[] =>
  [...sessionsIn(lab)].map(([name, results]) => {
    const { merging } = familiesOf(lab.input)
    const kept = results.filter(
      ({ policy, lostEffects, ghosts }) => merging.includes(policy) && lostEffects + ghosts === 0,
    )
    const worst = results.toSorted((a, b) => b.lostShare - a.lostShare)[0]
    const field = results.find(({ policy }) => policy === 'lww-field-hlc') ?? worst
    if (field === undefined) return []
    const none: Sentence =
      kept.length === 0
        ? []
        : ['; ', ...listed(kept.map(({ policy }) => policy)), ' lost nothing and brought nothing back']
    return [
      'Of the recorded session ',
      { code: name },
      ', ',
      { code: field.policy },
      ` lost ${share(field.lostShare)} of the final text, a second a transaction in the order of the file`,
      ...(field.policy === 'lww-field-hlc' && atOnce(name) !== '' ? [` (${atOnce(name)})`] : []),
      ...none,
      '.',
    ]
  })
