import type { Estimate, Group } from '@rejoin/lab/campaign'
import type { SessionResult } from '@rejoin/lab'
import { bytesText, fixed, whole } from '../replay/text.ts'

type Row = readonly string[]

/** What became of the effects under each policy, over everything that was run. */
export const effectsTable = (groups: readonly Group[]): readonly string[] =>
  aligned([
    ['policy', 'lost', 'overruled', 'retention', 'misplaced', 'untold'],
    ...groups.map((group) => [
      group.policy,
      ofEffects(group, percentOf(group.lost)),
      ofEffects(group, percentOf(group.overruled)),
      // Its interval is that of lost.
      ofEffects(group, fixed(100 * group.retention.mean, 1)),
      ofEffects(group, percentOf(group.misplaced)),
      // If there were no effects, either nothing was done or nobody can tell of any of it.
      group.effects === 0 && group.untold.mean === 0 ? none : fixed(100 * group.untold.mean, 1),
    ]),
  ])

/** Of no effects there is no share. */
const none = '–'
const ofEffects = ({ effects }: Group, text: string): string => (effects === 0 ? none : text)

/** What else came of them, in one run. */
export const besidesTable = (groups: readonly Group[]): readonly string[] =>
  aligned([
    ['policy', 'ghosts', 'doubled', 'invented', 'at start', 'conflicts', 'broken', 'alike'],
    ...groups.map((group) => [
      group.policy,
      between(group.ghosts, 2),
      between(group.doubled, 2),
      fixed(group.invented.mean, 2),
      fixed(group.startLost.mean, 2),
      between(group.conflictsShown, 1),
      between(group.invariantsBroken, 2),
      fixed(100 * group.convergent.mean, 0),
    ]),
  ])

/** More are not to be read in a terminal. */
const conditionsMost = 5

/** The shares of effects that each policy lost and overruled, by the conditions, in as many tables as that takes. */
export function lostTables(groups: readonly Group[]): readonly (readonly string[])[] {
  const conditions = [...new Set(groups.map((group) => group.conditions ?? ''))]
  const tables = Math.ceil(conditions.length / conditionsMost)
  const size = Math.ceil(conditions.length / tables)
  const policies = [...Map.groupBy(groups, ({ policy }) => policy)]
  return Array.from({ length: tables }, (_, nth) => {
    const some = conditions.slice(nth * size, (nth + 1) * size)
    const cell = (group: Group | undefined): string =>
      group === undefined
        ? ''
        : ofEffects(group, `${fixed(100 * group.lost.mean, 1)} / ${fixed(100 * group.overruled.mean, 1)}`)
    const rows = policies.map(([policy, of]) => [
      policy,
      ...some.map((name) => cell(of.find((group) => group.conditions === name))),
    ])
    return aligned([['policy', ...some], ...rows])
  })
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

/** In percent, with its interval, where there is one; of what was never found only how much there may be. */
function percentOf({ mean, low, high }: Estimate): string {
  if (mean === 0 && high !== null) return `0 <${smallest(100 * high)}`
  const times100 = (value: number | null): number | null => value && 100 * value
  return between({ mean: 100 * mean, low: times100(low), high: times100(high) }, 1)
}

/** “12.3 ±1.1”; where the interval was cut on one side “12.3 (0.0–45.1)”. */
function between({ mean, low, high }: Estimate, digits: number): string {
  const text = fixed(mean, digits)
  if (low === null || high === null || high - low < tiny) return text
  return Math.abs(high - mean - (mean - low)) < tiny
    ? `${text} ±${fixed(high - mean, digits)}`
    : `${text} (${fixed(low, digits)}–${fixed(high, digits)})`
}

/** Of what floating point adds to a sum. */
const tiny = 1e-9

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
