import type { Estimate, Group } from '@rejoin/lab/campaign'
import type { SessionResult } from '@rejoin/lab'
import { bytesText, fixed, whole } from '../replay/text.ts'

type Row = readonly string[]

/** What each policy came to, over everything that was run. */
export function policyTable(groups: readonly Group[]): readonly string[] {
  const head = ['policy', 'lost %', 'overruled', 'retention', 'ghosts', 'doubled', 'conflicts', 'broken', 'alike']
  return aligned([
    head,
    ...groups.map((group) => [
      group.policy,
      percentOf(group.lost),
      fixed(100 * group.overruled.mean, 1),
      fixed(100 * group.retention.mean, 1),
      fixed(group.ghosts.mean, 2),
      fixed(group.doubled.mean, 2),
      fixed(group.conflictsShown.mean, 2),
      fixed(group.invariantsBroken.mean, 2),
      fixed(100 * group.convergent.mean, 0),
    ]),
  ])
}

/** The share of effects that each policy lost, by the conditions. */
export function lostTable(groups: readonly Group[]): readonly string[] {
  const conditions = [...new Set(groups.map((group) => group.conditions ?? ''))]
  const rows = [...Map.groupBy(groups, ({ policy }) => policy)].map(([policy, of]) => [
    policy,
    ...conditions.map((name) => {
      const group = of.find((each) => each.conditions === name)
      return group === undefined ? '' : fixed(100 * group.lost.mean, 1)
    }),
  ])
  return aligned([['policy', ...conditions], ...rows])
}

/** What became of a recorded session under each policy. */
export const sessionTable = (results: readonly SessionResult[]): readonly string[] =>
  aligned([
    ['policy', 'lost %', 'lost', 'ghosts', 'doubled', 'length', 'distance', 'skipped', 'conflicts', 'sent', 'alike'],
    ...results.map((result) => [
      result.policy,
      fixed(100 * result.lostShare, 1),
      whole(result.lostEffects),
      whole(result.ghosts),
      whole(result.doubled),
      whole(result.finalLength),
      fixed(100 * result.distance, 1),
      whole(result.skipped),
      whole(result.conflictsShown),
      bytesText(result.bytes),
      result.convergent ? 'yes' : 'no',
    ]),
  ])

/** With half of its interval, where there is one. */
function percentOf({ mean, low, high }: Estimate): string {
  if (low === null || high === null) return fixed(100 * mean, 1)
  return mean === 0 ? `0 <${smallest(100 * high)}` : `${fixed(100 * mean, 1)} ±${fixed(50 * (high - low), 1)}`
}

/** A bound is not rounded to nothing. */
const smallest = (value: number): string => (value >= 0.05 ? fixed(value, 1) : value.toPrecision(1))

/** The first column to the left, the others to the right. */
export function aligned(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
}
