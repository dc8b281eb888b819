import type { Terminal } from '../platform/terminal.ts'
import { counted, fixed, whole } from '../replay/text.ts'
import type { MergeFigures } from './figures.ts'
import type { Order } from './order.ts'

const inOrder: Readonly<Record<Order, string>> = {
  causal: 'in the order of the trace',
  shuffled: 'shuffled',
  reversed: 'the last first',
  doubled: 'each twice and shuffled',
}

/** The table of figures and the verdict, for people. */
export function renderMerge(figures: MergeFigures, colors: Terminal['colors']): string {
  const { trace, engine, order, transactions, authors, replicas, chunk, seed } = figures
  const rows: readonly (readonly [label: string, value: string])[] = [
    ['trace', `${trace}, ${whole(transactions)} transactions of ${counted(authors, 'author')}`],
    ['engine', engine],
    ['written', `${fixed(figures.writingSeconds, 2)} s, each author at what it had seen`],
    [
      'delivered',
      `${fixed(figures.deliverySeconds, 2)} s, ${inOrder[order]}, to ${counted(replicas, 'fresh replica')}, ` +
        `${counted(chunk, 'update')} at a time, seed ${seed}`,
    ],
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const table = rows.map(([label, value]) => `  ${colors.dim(label.padEnd(width))}  ${value}`)
  const checks = [
    [figures.endContentMatches, 'every author and replica ends with the endContent of the trace'],
    [figures.hashesEqual, 'their canonical hashes are equal'],
  ].map(([held, text]) => `  ${held === true ? colors.green('✓') : colors.red('✗')} ${text}`)
  const verdict = figures.ok
    ? [colors.green('✓ The session merges.')]
    : [colors.red('✗ The session does not merge:'), ...figures.failures.map((failure) => `  - ${failure}`)]
  return ['', ...table, '', ...checks, '', ...verdict, ''].join('\n')
}
