import type { FaultKind } from '../schedule/faults.ts'
import type { State } from './state.ts'
import { countOf, grouped, hoursOf, spanOf } from './text.ts'

/** So many seeds meet every fault, or it is broken. */
export const seedsForEveryFault = 1_000

/** A longer list is read by nobody. */
const toldMax = 20

/** Faults that never happened though they should have: a campaign without them proves nothing about them. */
export function neverHappened({ campaign, sums }: State, faults: readonly FaultKind[]): readonly FaultKind[] {
  if (campaign.faults !== null || sums.seeds < seedsForEveryFault) return []
  return faults.filter((kind) => (sums.counts[kind] ?? 0) === 0)
}

/** In one seed chance may bring more connections than are allowed in the mean; over many it may not. */
const hasStormed = ({ sums }: State): boolean => sums.seeds >= seedsForEveryFault && sums.tried > sums.allowed

export const hasHeld = (state: State, faults: readonly FaultKind[]): boolean =>
  state.sums.failed === 0 && neverHappened(state, faults).length === 0 && !hasStormed(state)

export function summaryOf(state: State, faults: readonly FaultKind[]): string {
  const { sums, campaign, next, elapsedMs } = state
  const perSecond = (sums.seeds / elapsedMs) * 1_000 || 0
  return [
    `${countOf(sums.seeds, 'seed')} from ${campaign.from} to ${next - 1} in ${spanOf(elapsedMs)}: ` +
      `${perSecond.toFixed(1)} seeds/s, ${grouped(sums.virtualMs / elapsedMs || 0)} virtual hours per hour`,
    `${countOf(sums.edits, 'edit')}, ${countOf(sums.steps, 'step')}, ${hoursOf(sums.virtualMs)} virtual hours, ` +
      `${countOf(sums.compared, 'seed')} run again to compare`,
    `${grouped(sums.tried)} connections were tried while nobody was let in; ${grouped(sums.allowed)} are allowed`,
    '',
    ...tableOf(faults.map((kind) => [kind, grouped(sums.counts[kind] ?? 0)])),
    '',
    ...verdictOf(state, faults),
    '',
  ].join('\n')
}

function tableOf(rows: readonly (readonly [string, string])[]): readonly string[] {
  const all = [['fault', 'times'] as const, ...rows]
  const names = Math.max(...all.map(([name]) => name.length))
  const counts = Math.max(...all.map(([, count]) => count.length))
  return all.map(([name, count]) => `  ${name.padEnd(names)}  ${count.padStart(counts)}`)
}

function verdictOf(state: State, faults: readonly FaultKind[]): readonly string[] {
  const { failures, hasEnded, sums } = state
  const missing = neverHappened(state, faults)
  const lines = failures
    .slice(0, toldMax)
    .map(({ seed, wrong, file }) => `seed ${seed}: ${wrong[0] ?? ''}${file === null ? '' : ` (${file})`}`)
  if (sums.failed > 0) lines.push(`${countOf(sums.failed, 'seed')} of ${grouped(sums.seeds)} failed.`)
  if (missing.length > 0) lines.push(`These faults never happened: ${missing.join(', ')}.`)
  if (hasStormed(state))
    lines.push(`[I18] Replicas tried ${grouped(sums.tried)} connections in vain, not ${grouped(sums.allowed)}.`)
  if (lines.length === 0) lines.push(hasEnded ? 'Every promise held.' : 'Every promise held so far.')
  if (!hasEnded) lines.push('It was stopped before its end.')
  return lines
}

export function jsonOf(state: State, faults: readonly FaultKind[]): string {
  const { campaign, next, elapsedMs, sums, failures, hasEnded } = state
  const summary = {
    ...campaign,
    next,
    hasEnded,
    held: hasHeld(state, faults),
    seedsRun: sums.seeds,
    seedsFailed: sums.failed,
    seedsCompared: sums.compared,
    edits: sums.edits,
    steps: sums.steps,
    connectionsTriedInVain: sums.tried,
    connectionsAllowedInVain: sums.allowed,
    virtualHours: sums.virtualMs / 3_600_000,
    elapsedMs: Math.round(elapsedMs),
    seedsPerSecond: (sums.seeds / elapsedMs) * 1_000 || 0,
    virtualHoursPerHour: sums.virtualMs / elapsedMs || 0,
    counts: Object.fromEntries(faults.map((kind) => [kind, sums.counts[kind] ?? 0])),
    neverHappened: neverHappened(state, faults),
    failures,
  }
  return `${JSON.stringify(summary, undefined, 2)}\n`
}
