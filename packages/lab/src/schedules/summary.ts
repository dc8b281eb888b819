import { countOf, grouped, spanOf } from '@rejoin/simulator/campaigns'
import { noSums } from './schedules.ts'
import type { Sums } from './schedules.ts'
import { failedIn, perSecondIn, runsIn, schedulesIn } from './state.ts'
import type { State } from './state.ts'

const columns: readonly (readonly [head: string, name: keyof Sums])[] = [
  ['failed', 'failed'],
  ['edits', 'edits'],
  ['concurrent', 'concurrentPairs'],
  ['effects', 'effects'],
  ['lost', 'lost'],
  ['misplaced', 'misplaced'],
  ['overruled', 'overruled'],
  ['ghosts', 'ghosts'],
  ['doubled', 'doubled'],
  ['invented', 'invented'],
  ['broken', 'invariantsBroken'],
  ['differ', 'nonConvergent'],
]

/** A longer list is read by nobody. */
const toldMax = 5

export function summaryOf(state: State): string {
  const { campaign, next, elapsedMs, sums, failures, hasEnded } = state
  const rows = campaign.policies.map((policy) => {
    const sum = sums[policy] ?? noSums
    return [policy, ...columns.map(([, name]) => grouped(sum[name]))]
  })
  const failed = failedIn(state)
  const verdict = failures
    .slice(0, toldMax)
    .map(({ seed, policy, wrong }) => `seed ${seed}, ${policy}: ${wrong.join('; ')}`)
  if (failed > 0) verdict.push(`${countOf(failed, 'run')} failed.`)
  else verdict.push(hasEnded ? 'Nothing failed.' : 'Nothing failed so far.')
  if (!hasEnded) verdict.push('It was stopped before its end.')
  const done = schedulesIn(state)
  const seeds = done === 0 ? '' : ` from ${campaign.from} to ${next - 1}`
  return [
    `${countOf(done, 'schedule')}${seeds}, each under ` +
      `${campaign.policies.join(' and ')}: ${countOf(runsIn(state), 'run')} in ${spanOf(elapsedMs)}, ` +
      `${perSecondIn(state).toFixed(0)} schedules a second`,
    '',
    ...aligned([['policy', ...columns.map(([head]) => head)], ...rows]),
    '',
    ...verdict,
    '',
  ].join('\n')
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => `  ${row.map(cell).join('  ')}`)
}

export function jsonOf(state: State): string {
  const { campaign, next, elapsedMs, sums, failures, hasEnded } = state
  const summary = {
    ...campaign,
    next,
    hasEnded,
    held: failedIn(state) === 0,
    schedules: schedulesIn(state),
    runs: runsIn(state),
    elapsedMs: Math.round(elapsedMs),
    schedulesPerSecond: perSecondIn(state),
    sums,
    failures,
  }
  return `${JSON.stringify(summary, undefined, 2)}\n`
}
