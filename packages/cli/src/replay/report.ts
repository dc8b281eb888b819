import { properName } from '../engines.ts'
import type { Terminal } from '../platform/terminal.ts'
import { rawRate } from './figures.ts'
import type { Figures } from './figures.ts'
import { waiver } from './unacked.ts'
import { bytesText, fixed, percent, times, whole } from './text.ts'

/** The table of figures and the verdict, for people. */
export function renderReport(figures: Figures, colors: Terminal['colors']): string {
  const rows = rowsOf(figures)
  const width = Math.max(...rows.map(([label]) => label.length))
  const table = rows.map(([label, value]) => `  ${colors.dim(label.padEnd(width))}  ${value}`)
  const verdict = figures.ok
    ? [colors.green('✓ Everything that was promised held.')]
    : [colors.red('✗ Not everything that was promised held:'), ...figures.failures.map((failure) => `  - ${failure}`)]
  return ['', ...table, '', ...checksOf(figures, colors), '', ...verdict, ''].join('\n')
}

function rowsOf(figures: Figures): (readonly [label: string, value: string])[] {
  const { engine, rawUpdateBytes, rawApplyMs, transactionsPerSecond: rate } = figures
  const bare = `bare ${properName[engine]}`
  const bareRate = figures[rawRate[engine]] ?? 0
  return [
    ['trace', `${figures.trace}, ${whole(figures.transactions)} transactions, seed ${figures.seed}`],
    ['engine', properName[engine]],
    ['session', `${fixed(figures.seconds, 1)} s from the first transaction to quiescence, outages included`],
    [
      'author',
      `${whole(rate)} transactions/s on disk; ${bare} in memory ${whole(bareRate)}/s (${percent(rate, bareRate)})`,
    ],
    [
      'cuts',
      `${figures.cuts}; unacknowledged at each: ${list(figures.unackedAtCuts)}; written offline: ${whole(figures.madeOffline)}`,
    ],
    ['kills of the author', killsOf(figures, figures.kills, figures.unackedAtKills)],
    ['kills of the server', killsOf(figures, figures.serverKills, figures.unackedAtServerKills)],
    ['entries', `${whole(figures.entriesAcked)} acknowledged`],
    [
      'author sent',
      `${bytesText(figures.bytesUp)}; bare updates ${bytesText(rawUpdateBytes)} (${times(figures.bytesUp, rawUpdateBytes)})`,
    ],
    ['author received', bytesText(figures.bytesDown)],
    [
      'third replica',
      `${whole(figures.catchUpMs)} ms to join; ${bare} applies the same in ${whole(rawApplyMs)} ms (${times(figures.catchUpMs, rawApplyMs)})`,
    ],
    ['server memory', `${fixed(figures.serverRssMb, 1)} MB`],
  ]
}

const killsOf = (figures: Figures, count: number, unacked: readonly number[]): string =>
  `${count}; unacknowledged at each: ${list(unacked)}${waiver(figures.transactions, figures, unacked)}`

const list = (numbers: readonly number[]): string => (numbers.length === 0 ? '–' : numbers.map(whole).join(' · '))

function checksOf(figures: Figures, colors: Terminal['colors']): string[] {
  const checks: readonly (readonly [held: boolean, text: string])[] = [
    [figures.textMatches, 'the text is the end of the trace on all three replicas'],
    [figures.countersExact, 'the counters are exact'],
    [figures.commentsExact, 'no comment is lost or doubled'],
    [figures.hashesEqual, 'the canonical hashes are equal'],
    [figures.outboxesEmpty, 'the outboxes are empty'],
    [figures.exactlyOnce, 'every acknowledged entry is in the log exactly once'],
  ]
  return checks.map(([held, text]) => `  ${held ? colors.green('✓') : colors.red('✗')} ${text}`)
}
