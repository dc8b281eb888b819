import { compact } from '@rejoin/lab/page'
import type { Comparison } from './compare.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { GateVerdict } from './gates.ts'
import type { Verdict } from './marks.ts'
import type { BenchResult, CaseResult, ContestantResult } from './runner.ts'
import type { Spread } from './statistics.ts'

/** Also those of the page. */
export const columns = [
  '',
  'role',
  'per second',
  'µs each',
  'p5–p95',
  '× first',
  'p5–p95',
  'CPU µs',
  '× first',
  'p5–p95',
  'also',
] as const

export function benchTable(result: BenchResult): string {
  const blocks = result.cases.map(caseTable)
  const grown = Object.entries(result.growth).map(
    ([name, { exponent, low, high }]) =>
      `  ${name}: cost grows as size ** ${exponent.toFixed(2)} (95 % between ${low.toFixed(2)} and ${high.toFixed(2)})`,
  )
  return [`${result.name} – ${result.about}`, ...blocks, ...grown, ''].join('\n')
}

export function fingerprintLines(machine: Fingerprint): string {
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, file system ${machine.fileSystem}`,
    `Node ${machine.node}, yjs ${machine.yjs}, automerge ${machine.automerge}, loro ${machine.loro}`,
    `fdatasync p50 ${machine.fdatasyncP50Us} µs, loopback echo p50 ${machine.loopbackEchoP50Us} µs, ` +
      `string splices ${compact(machine.stringSplicesPerSecond)}/s`,
    '',
  ].join('\n')
}

export function gateLines(gates: readonly GateVerdict[]): string {
  const lines = gates.map(({ reached, sentence }) => `  ${reached ? 'PASS' : 'FAIL'}  ${sentence}\n`)
  if (lines.length === 0) return 'Gates\n  FAIL  nothing that was measured has a gate\n\n'
  return `Gates\n${lines.join('')}\n`
}

export function comparisonLines({ warnings, findings }: Comparison): string {
  const lines = [
    ...warnings.map((sentence) => `  Beware: ${sentence}\n`),
    ...findings.map(({ kind, sentence }) => `  ${kind === 'failed' ? 'FAIL  ' : ''}${sentence}\n`),
  ]
  const nothing = findings.length === 0 ? '  Nothing moved beyond the noise.\n' : ''
  return `Beside the base\n${lines.join('')}${nothing}\n`
}

function caseTable({ name, count, unit, contestants, marks }: CaseResult): string {
  const rows = contestants.map((contestant) => cells(contestant, count))
  const table = aligned([[...columns], ...rows])
  const set = contestants.flatMap(({ name, settings }) => (settings === undefined ? [] : [`    ${name}: ${settings}`]))
  const verdicts = marks.map((verdict) => `    ${verdict.reached ? 'PASS' : 'FAIL'}  ${verdictText(verdict)}`)
  return [`\n  ${name} (${compact(count)} ${unit} a run)`, table, ...set, ...verdicts].join('\n')
}

export function verdictText({ what, value, spread, wall, bounds }: Verdict): string {
  const more =
    spread === undefined
      ? ''
      : ` (p5–p95 ${compact(spread.p5)}–${compact(spread.p95)}; wall ${compact(wall ?? Number.NaN)})`
  return `${what}: ${compact(value)}${more}; mark: ${bounds}`
}

export function cells(
  { name, role, wallMs, cpuMs, ratio, cpuRatio, figures }: ContestantResult,
  count: number,
): string[] {
  const each = (ms: number): string => compact((1000 * ms) / count)
  return [
    name,
    role,
    compact((1000 * count) / wallMs.median),
    each(wallMs.median),
    `${each(wallMs.p5)}–${each(wallMs.p95)}`,
    compact(ratio.median),
    between(ratio),
    each(cpuMs.median),
    compact(cpuRatio.median),
    between(cpuRatio),
    Object.entries(figures)
      .map(([what, value]) => `${compact(value)} ${what}`)
      .join(', '),
  ]
}

const between = ({ p5, p95 }: Spread): string => `${compact(p5)}–${compact(p95)}`

/** The first two columns and the last to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  const cell = (text: string, i: number): string => {
    const width = widths[i] ?? 0
    return i < 2 || i === columns.length - 1 ? text.padEnd(width) : text.padStart(width)
  }
  return rows.map((row) => `    ${row.map(cell).join('  ').trimEnd()}`).join('\n')
}
