import type { State, Sum } from './state.ts'

const grouped = (value: number): string =>
  Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',')
const runsOf = ({ sums }: State): number => Object.values(sums).reduce((sum, { runs }) => sum + runs, 0)

export function progressLine(state: State): string {
  const runs = runsOf(state)
  const perSecond = (runs / state.elapsedMs) * 1_000 || 0
  const minutes = (state.elapsedMs / 60_000).toFixed(1)
  return `${grouped(runs)} runs · ${state.failures.length} failed · ${perSecond.toFixed(0)} runs/s · ${minutes} min`
}

export function summaryOf(state: State): string {
  const operations = Object.values(state.sums).reduce((sum, one) => sum + one.operations, 0)
  const rows = state.laws.map((law) => rowOf(law, state.sums[law]))
  return [
    `${state.engine}, seed ${state.seed}: ${grouped(runsOf(state))} runs of ${state.laws.length} laws, ${grouped(operations)} operations, ` +
      `${(state.elapsedMs / 60_000).toFixed(1)} minutes`,
    '',
    '    runs  median  concurrent  law',
    ...rows,
    '',
    ...state.failures.map(({ seed, message }) => `${message.trimEnd()}\n(batch of seed ${seed})\n`),
    state.failures.length === 0 ? 'Every law held.' : `${state.failures.length} batches failed.`,
    '',
  ].join('\n')
}

function rowOf(law: string, sum: Sum | undefined): string {
  if (sum === undefined) return `       –       –           –  ${law}`
  const share = `${((100 * sum.concurrent) / sum.runs).toFixed(0)} %`
  return `${grouped(sum.runs).padStart(8)}  ${String(sum.medianOperations).padStart(6)}  ${share.padStart(10)}  ${law}`
}
