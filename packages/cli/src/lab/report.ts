import { groupsOf, seedsForInterval } from '@rejoin/lab/campaign'
import type { Done, Group } from '@rejoin/lab/campaign'
import type { SessionResult } from '@rejoin/lab'
import type { Terminal } from '../platform/terminal.ts'
import { counted, percent, whole } from '../replay/text.ts'
import { besidesTable, effectsTable, lostTables, sessionTable } from './tables.ts'

type Colors = Terminal['colors']

/** What came of a campaign, for people. */
export function renderCampaign({ plan, runs, sessions }: Done, colors: Colors): string {
  const parts = plan.sessions.map(({ name }) =>
    sessionPart(
      sessions.filter(({ trace }) => trace === name),
      colors,
    ),
  )
  if (runs.length > 0) {
    const { workloads, conditions, from, seeds } = plan
    const groups = groupsOf(runs, ['policy'])
    const effects = runs.reduce((sum, run) => sum + run.effects, 0)
    parts.push([
      `${counted(runs.length, 'run')}: ${counted(workloads.length, 'workload')}, ${whole(conditions.length)} conditions, ` +
        `seeds ${from} to ${from + seeds - 1}; ${counted(effects, 'effect')}`,
      '',
      ...headed(effectsTable(groups), colors),
      '',
      'In % of all effects. Lost is missing, although nothing stands instead; overruled is what something',
      'concurrent stands for, or what somebody removed at the same time; retention is 100 % - lost;',
      'misplaced is there, but in an order that nobody has seen. Untold: % of all that was done of which',
      'nobody can tell.',
      ...aboutIntervals(seeds),
      'Where nothing was found, < how much there may be with 95 % confidence: per effect, as if effects',
      'were independent of each other (rule of three).',
      ...withoutLoss(groups),
      '',
      ...headed(besidesTable(groups), colors),
      '',
      'In one run; at start: what is lost or misplaced of what was there when people began; alike: % of',
      'runs after which all devices show the same.',
    ])
    if (conditions.length > 1)
      parts.push([
        'Lost / overruled, in % of all effects, by conditions:',
        ...lostTables(groupsOf(runs, ['policy', 'conditions'])).flatMap((table) => ['', ...headed(table, colors)]),
      ])
  }
  return `\n${parts.map((lines) => `${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`).join('\n')}\n`
}

const aboutIntervals = (seeds: number): readonly string[] =>
  seeds < seedsForInterval
    ? [`Means over seeds, without an interval: that takes ${whole(seedsForInterval)} seeds.`]
    : ['Means over seeds with their 95 % intervals: ±, or from and to where it ends at what is possible.']

/** What the same says of whole runs, which depend on each other less than effects do. */
function withoutLoss(groups: readonly Group[]): readonly string[] {
  const kept = groups.filter(({ lostRuns, effects }) => lostRuns.mean === 0 && effects > 0)
  const [first] = kept
  // The rule of three tells nothing of three.
  if (first === undefined || first.runs <= 3) return []
  const bound = percent(3, first.runs)
  return [
    `No run of ${whole(first.runs)} lost anything, so fewer than 3 of so many, ${bound}, do, of each of these:`,
    `${kept.map(({ policy }) => policy).join(', ')}.`,
  ]
}

function sessionPart(results: readonly SessionResult[], colors: Colors): readonly string[] {
  const [first] = results
  if (first === undefined) return []
  const { trace, transactions, authors, turn } = first
  return [
    `session ${trace}: ${counted(transactions, 'transaction')} ${turn === null ? `of ${counted(authors, 'author')}` : `on ${whole(authors)} devices`}`,
    '',
    ...headed(sessionTable(results), colors),
    '',
    'Effects are characters that were typed and that nobody erased; lost are those that are nowhere at',
    'the end. Lost % and distance are of the text at the end of the trace, distance in % too. Skipped:',
    'erasures that the trace has, of characters that are not there, because they were lost.',
    ...(turn === null
      ? []
      : [
          `One person wrote this. Here it is written on ${whole(authors)} devices by turns of ${counted(turn, 'transaction')}, each`,
          'without the turn before it: what that typed cannot be erased yet, and this is skipped under every',
          'policy. With --devices 1 it is played as it was recorded.',
        ]),
  ]
}

const headed = ([head = '', ...rows]: readonly string[], colors: Colors): readonly string[] => [
  colors.dim(head),
  ...rows,
]

/** The same for programs: all that is known of each policy, workload and conditions. */
export const jsonOfCampaign = ({ plan, runs, sessions }: Done): string =>
  `${JSON.stringify({
    plan,
    runs: runs.length,
    policies: groupsOf(runs, ['policy']),
    cells: groupsOf(runs, ['policy', 'workload', 'conditions']),
    sessions,
  })}\n`
