import type { Page, Piece } from '../page/index.ts'
import type { RunResult } from '../run.ts'
import { baseOf } from './columns.ts'
import { clockRows } from './conditions.ts'
import { familiesOf, headOf, listed } from './lab.ts'
import type { Families, Lab } from './lab.ts'
import * as measures from './measures.ts'
import { isBroken, sum } from './measures.ts'
import { atOnce, sessionsIn } from './recorded.ts'
import { boundOf, duration, many, share, told, toldShare, whole } from './told.ts'

type Sentence = readonly Piece[]

/** What was run and what it comes to in two sentences, and then each finding; all from the figures, and what has none is left out. */
export function summary(lab: Lab): Required<Pick<Page, 'lead' | 'findings'>> {
  const lead = [scope(lab), claim(lab)].filter(isSaid)
  const findings = [
    ...merged(lab),
    ...heads(lab).map(([policy]) => lastWrites(lab, policy)),
    wrongClocks(lab),
    invariants(lab),
    ...keptVersions(lab),
    ...sessions(lab),
  ]
  return {
    lead: lead.length === 0 ? [] : [lead.flatMap((sentence, i) => (i === 0 ? sentence : [' ', ...sentence]))],
    findings: findings.filter(isSaid),
  }
}

const isSaid = (sentence: Sentence): boolean => sentence.length > 0

/** Of each family of last write wins the one that is told of, so that each figure of it stands in a table. */
function heads({ input }: Lab): readonly (readonly [policy: string, family: keyof Families])[] {
  const families = familiesOf(input)
  return (['lastPerRow', 'lastPerField', 'lastPerRecord'] as const).flatMap((family) => {
    const head = headOf(families[family])
    return head === undefined ? [] : [[head, family] as const]
  })
}

function scope({ input, runs }: Lab): Sentence {
  const { policies, workloads, conditions, seeds } = input
  const played = new Set(input.sessions.map(({ trace }) => trace)).size
  if (workloads.length * conditions.length * seeds.length === 0)
    return played === 0
      ? []
      : [
          `${many(played, 'recorded session', 'recorded sessions')} under ${many(policies.length, 'policy', 'policies')}.`,
        ]
  const parts = [
    many(policies.length, 'policy', 'policies'),
    many(workloads.length, 'workload', 'workloads'),
    many(conditions.length, 'set of conditions', 'sets of conditions'),
    many(seeds.length, 'seed', 'seeds'),
  ]
  const edits = sum(runs.all, ({ edits }) => edits)
  const sessions =
    played === 0 ? '' : `, and ${many(played, 'recorded session', 'recorded sessions')} under each policy`
  return [
    `${many(runs.all.length, 'run', 'runs')} of ${parts.join(' × ')}, ${many(edits, 'edit', 'edits')} in all${sessions}.`,
  ]
}

/** What merging loses, if it is nothing, and what last write wins does. */
function claim(lab: Lab): Sentence {
  const { base } = lab
  const lossless = familiesOf(lab.input).merging.filter((policy) => {
    const runs = lab.runs.of({ policies: [policy] })
    return sum(runs, ({ effects }) => effects) > 0 && sum(runs, ({ lost }) => lost) === 0
  })
  const losses = heads(lab).flatMap(([policy]): Sentence[] => {
    const lost =
      base && lab.estimate(measures.lost, { policies: [policy], workloads: lab.main, conditions: [base.name] })
    return lost === undefined ? [] : [[{ code: policy }, ` lost ${toldShare(lost)}`]]
  })
  const nothing: Sentence = lossless.length === 0 ? [] : [...listed(lossless), ' lost nothing in any run']
  if (base === undefined || losses.length === 0) return isSaid(nothing) ? [...nothing, '.'] : []
  return [
    ...(isSaid(nothing) ? [...nothing, '; of'] : ['Of']),
    ` the effects in ${lab.mainName} under `,
    { code: base.name },
    ', ',
    ...joined(losses),
    '.',
  ]
}

/** “a, b and c”. */
const joined = (parts: readonly Sentence[]): Sentence =>
  parts.flatMap((part, i): Sentence => [...(i === 0 ? [] : [i === parts.length - 1 ? ' and ' : ', ']), ...part])

/** Of each that merges by the kinds of its fields; those of which the same is to be said are told of together. */
function merged(lab: Lab): readonly Sentence[] {
  const found = Map.groupBy(familiesOf(lab.input).merging, (policy) => mergedBy(lab.runs.of({ policies: [policy] })))
  return [...found].flatMap(([text, policies]): Sentence[] => {
    if (text === '') return []
    const which =
      policies.length === 1 ? ', which merges each field by its kind, ' : ', which merge each field by its kind, each '
    return [[...listed(policies), `${which}${text} (`, { see: 'totals' }, ')']]
  })
}

/** With what so many effects without a loss leave possible. */
function mergedBy(runs: readonly RunResult[]): string {
  const count = (of: (run: RunResult) => number): number => sum(runs, of)
  const effects = count((run) => run.effects)
  if (effects === 0) return ''
  const [lost, overruled] = [count((run) => run.lost), count((run) => run.overruled)]
  const besides = [
    told0(
      count((run) => run.misplaced),
      'misplaced nothing',
      'misplaced effects',
    ),
    told0(
      count((run) => run.ghosts),
      'brought nothing back',
      'ghosts',
    ),
    told0(
      count((run) => run.doubled),
      'doubled nothing',
      'doubled effects',
    ),
    told0(
      count((run) => run.invented),
      'invented nothing',
      'invented things',
    ),
    told0(
      count((run) => (isBroken(run) ? 1 : 0)),
      'broke no invariant',
      'runs with a broken invariant',
    ),
  ]
  const bound = `with 95 % confidence fewer than ${boundOf(Math.min(1, 3 / effects))} of them are lost, per effect and as if effects were independent, and something in fewer than 3 of ${many(runs.length, 'run', 'runs')} (${boundOf(Math.min(1, 3 / runs.length))}), of which none lost anything (the rule of three)`
  return [
    lost === 0 ? `lost none of ${whole(effects)} effects` : `lost ${whole(lost)} of ${whole(effects)} effects`,
    `, overruled ${whole(overruled)}, ${besides.slice(0, -1).join(', ')} and ${besides.at(-1) ?? ''}`,
    lost === 0 ? `: ${bound}.` : '.',
  ].join('')
}

const told0 = (count: number, none: string, some: string): string =>
  count === 0 ? none : `had ${whole(count)} ${some}`

/** As devices are offline longer; of one length only, without a comparison. */
function lastWrites(lab: Lab, policy: string): Sentence {
  const parts = lab.offline.flatMap(({ name }): Sentence[] => {
    const choice = { policies: [policy], workloads: lab.main, conditions: [name] }
    const [lost, overruled] = [lab.estimate(measures.lost, choice), lab.estimate(measures.overruled, choice)]
    return lost === undefined || overruled === undefined
      ? []
      : [[`${toldShare(lost)} and overruled ${toldShare(overruled)} under `, { code: name }]]
  })
  if (parts.length === 0) return []
  const all = parts.flatMap((part, i): Sentence => {
    const before = i === 0 ? '' : i === parts.length - 1 ? ', and ' : ', '
    return [before, ...part]
  })
  return [`Of the effects in ${lab.mainName}, `, { code: policy }, ' lost ', ...all, '.']
}

/** Where clocks are wrong the most, against the same with right ones. */
function wrongClocks(lab: Lab): Sentence {
  const row = clockRows(lab.input.conditions)[0]
  const [right, wrong] = [row?.[0], row?.at(-1)]
  if (right === undefined || wrong === undefined) return []
  const lostBy = (policy: string, conditions: string): string | undefined => {
    const estimate = lab.estimate(measures.lost, { policies: [policy], workloads: lab.main, conditions: [conditions] })
    return estimate && toldShare(estimate)
  }
  const parts = ['-clock', '-hlc', '-arrival'].flatMap((order): Sentence[] => {
    const among = lab.policies.filter((name) => name.startsWith('lww-') && name.endsWith(order))
    const policy = among.find((name) => name.startsWith('lww-field')) ?? among[0]
    if (policy === undefined) return []
    const [before, after] = [lostBy(policy, right.name), lostBy(policy, wrong.name)]
    return before === undefined || after === undefined ? [] : [['of ', { code: policy }, ` from ${before} to ${after}`]]
  })
  if (parts.length === 0) return []
  return [
    `With clocks wrong by up to ${duration(wrong.skewMs)} (`,
    { code: wrong.name },
    `) instead of ${right.skewMs === 0 ? 'right ones' : duration(right.skewMs)} (`,
    { code: right.name },
    '), the share that is lost went ',
    ...joined(parts),
    '.',
  ]
}

function invariants(lab: Lab): Sentence {
  const policies = [...heads(lab).map(([policy]) => policy), ...familiesOf(lab.input).merging]
  const found = policies.flatMap((policy): Sentence[] => {
    const estimate = lab.estimate(measures.broken, { ...baseOf(lab, lab.main), policies: [policy] })
    return estimate === undefined
      ? []
      : [[`${estimate.mean === 0 ? 'none' : toldShare(estimate)} with `, { code: policy }]]
  })
  if (found.length === 0) return []
  const where: Sentence = lab.base === undefined ? [] : [' under ', { code: lab.base.name }]
  return [`Of the runs of ${lab.mainName}`, ...where, ', at least one invariant was broken in ', ...joined(found), '.']
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
        `${lab.input.seeds.length === 1 ? ', with one seed' : ''}, and showed people ${told(shown)} conflicts in 1,000 edits.`,
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
