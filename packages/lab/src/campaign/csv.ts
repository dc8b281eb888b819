import type { RunResult } from '../run.ts'
import { brokenIn } from './summary.ts'

type Cell = string | number | boolean | null

const columns: readonly (readonly [name: string, of: (result: RunResult) => Cell])[] = [
  ['policy', ({ policy }) => policy],
  ['workload', ({ workload }) => workload],
  ['conditions', ({ conditions }) => conditions],
  ['seed', ({ seed }) => seed],
  ['edits', ({ edits }) => edits],
  ['concurrentPairs', ({ concurrentPairs }) => concurrentPairs],
  ['effects', ({ effects }) => effects],
  ['lost', ({ lost }) => lost],
  ['ghosts', ({ ghosts }) => ghosts],
  ['doubled', ({ doubled }) => doubled],
  ['overruled', ({ overruled }) => overruled],
  ['conflictsShown', ({ conflictsShown }) => conflictsShown],
  ['invariantsBroken', brokenIn],
  ['invariants', ({ invariants }) => brokenOnes(invariants)],
  ['convergent', ({ convergent }) => convergent],
  ['distance', ({ distance }) => distance],
  ['interleaving', ({ interleaving }) => interleaving],
  ['stalenessMeanMs', ({ stalenessMeanMs }) => stalenessMeanMs],
  ['stalenessP95Ms', ({ stalenessP95Ms }) => stalenessP95Ms],
  ['bytesUp', ({ bytesUp }) => bytesUp],
  ['bytesDown', ({ bytesDown }) => bytesDown],
  ['storageBytes', ({ storageBytes }) => storageBytes],
  ['cpuMs', ({ cpuMs }) => cpuMs],
]

/** One line a run, after RFC 4180. What a run does not have is empty. */
export function csvOf(results: readonly RunResult[]): string {
  const lines = [columns.map(([name]) => name), ...results.map((result) => columns.map(([, of]) => of(result)))]
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('')
}

/** Those that were broken: `counter exact: 2; no line lost: 1`. */
const brokenOnes = (invariants: RunResult['invariants']): string =>
  Object.entries(invariants)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`)
    .join('; ')

function field(value: Cell): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
