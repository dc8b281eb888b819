import { groupsOf } from '@rejoin/lab/campaign'
import type { Done } from '@rejoin/lab/campaign'
import type { SessionResult } from '@rejoin/lab'
import type { Terminal } from '../platform/terminal.ts'
import { counted, whole } from '../replay/text.ts'
import { lostTable, policyTable, sessionTable } from './tables.ts'

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
    const effects = runs.reduce((sum, run) => sum + run.effects, 0)
    parts.push([
      `${counted(runs.length, 'run')}: ${counted(workloads.length, 'workload')}, ${whole(conditions.length)} conditions, ` +
        `seeds ${from} to ${from + seeds - 1}; ${whole(effects)} effects`,
      '',
      ...headed(policyTable(groupsOf(runs, ['policy'])), colors),
      '',
      'Lost, overruled and retention are % of all effects, ± half of the 95 % interval over seeds; where',
      'nothing was found, < its upper bound (rule of three). Alike: % of runs after which all devices',
      'show the same. The others are in one run.',
    ])
    if (conditions.length > 1)
      parts.push([
        'Lost, in % of all effects, by conditions:',
        '',
        ...headed(lostTable(groupsOf(runs, ['policy', 'conditions'])), colors),
      ])
  }
  return `\n${parts.map((lines) => `${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`).join('\n')}\n`
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
