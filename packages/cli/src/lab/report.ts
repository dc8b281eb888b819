import { groupsOf } from '@rejoin/lab/campaign'
import type { Plan } from '@rejoin/lab/campaign'
import type { RunResult } from '@rejoin/lab'
import type { Terminal } from '../platform/terminal.ts'
import { counted, whole } from '../replay/text.ts'
import { lostTable, policyTable } from './tables.ts'

/** What came of a campaign, for people. */
export function renderCampaign(plan: Plan, results: readonly RunResult[], colors: Terminal['colors']): string {
  const { workloads, conditions, from, seeds } = plan
  const effects = results.reduce((sum, { effects }) => sum + effects, 0)
  const [head = '', ...rows] = policyTable(groupsOf(results, ['policy']))
  const [lostHead = '', ...lostRows] = lostTable(groupsOf(results, ['policy', 'conditions']))
  const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`)
  return [
    '',
    `  ${counted(results.length, 'run')}: ${counted(workloads.length, 'workload')}, ${whole(conditions.length)} conditions, ` +
      `seeds ${from} to ${from + seeds - 1}; ${whole(effects)} effects`,
    '',
    ...indented([colors.dim(head), ...rows]),
    '',
    '  Shares are of all effects, ± half of the 95 % interval over seeds; where nothing was found, < its upper',
    '  bound (rule of three). The other columns are of one run; converge: runs that end alike everywhere.',
    ...(conditions.length > 1
      ? ['', '  Lost, in % of all effects, by conditions:', '', ...indented([colors.dim(lostHead), ...lostRows])]
      : []),
    '',
    '',
  ].join('\n')
}

/** The same for programs: all that is known of each policy, workload and conditions. */
export const jsonOfCampaign = (plan: Plan, results: readonly RunResult[]): string =>
  `${JSON.stringify({
    plan,
    runs: results.length,
    policies: groupsOf(results, ['policy']),
    cells: groupsOf(results, ['policy', 'workload', 'conditions']),
  })}\n`
