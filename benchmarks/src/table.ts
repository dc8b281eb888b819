import type { Fingerprint } from './fingerprint.ts'
import type { Verdict } from './marks.ts'
import type { BenchResult, CaseResult, ContestantResult } from './runner.ts'
import type { Spread } from './statistics.ts'

const columns = [
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

function caseTable({ name, count, unit, contestants, marks }: CaseResult): string {
  const rows = contestants.map((contestant) => cells(contestant, count))
  const table = aligned([[...columns], ...rows])
  return [`\n  ${name} (${compact(count)} ${unit} a run)`, table, ...marks.map(verdictLine)].join('\n')
}

function verdictLine({ reached, what, value, spread, wall, bounds }: Verdict): string {
  const more =
    spread === undefined
      ? ''
      : ` (p5–p95 ${compact(spread.p5)}–${compact(spread.p95)}; wall ${compact(wall ?? Number.NaN)})`
  return `    ${reached ? 'PASS' : 'FAIL'}  ${what}: ${compact(value)}${more}; mark: ${bounds}`
}

function cells({ name, role, wallMs, cpuMs, ratio, cpuRatio, figures }: ContestantResult, count: number): string[] {
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

/** Three digits that mean something, thousands apart. */
function compact(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** The first two columns and the last to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  const cell = (text: string, i: number): string => {
    const width = widths[i] ?? 0
    return i < 2 || i === columns.length - 1 ? text.padEnd(width) : text.padStart(width)
  }
  return rows.map((row) => `    ${row.map(cell).join('  ').trimEnd()}`).join('\n')
}
