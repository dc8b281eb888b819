import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import { brokenIn } from './summary.ts'

type Value = string | number | boolean | null

type Columns<Result> = readonly (readonly [name: string, of: (result: Result) => Value])[]

const ofRuns: Columns<RunResult> = [
  ['policy', ({ policy }) => policy],
  ['workload', ({ workload }) => workload],
  ['conditions', ({ conditions }) => conditions],
  ['seed', ({ seed }) => seed],
  ['edits', ({ edits }) => edits],
  ['concurrentPairs', ({ concurrentPairs }) => concurrentPairs],
  ['effects', ({ effects }) => effects],
  ['lost', ({ lost }) => lost],
  ['deletions', ({ deletions }) => deletions],
  ['ghosts', ({ ghosts }) => ghosts],
  ['doubled', ({ doubled }) => doubled],
  ['invented', ({ invented }) => invented],
  ['misplaced', ({ misplaced }) => misplaced],
  ['overruled', ({ overruled }) => overruled],
  ['untold', ({ untold }) => untold],
  ['startLost', ({ startLost }) => startLost],
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

const ofSessions: Columns<SessionResult> = [
  ['policy', ({ policy }) => policy],
  ['trace', ({ trace }) => trace],
  ['authors', ({ authors }) => authors],
  ['transactions', ({ transactions }) => transactions],
  ['effects', ({ effects }) => effects],
  ['lostEffects', ({ lostEffects }) => lostEffects],
  ['traceLength', ({ traceLength }) => traceLength],
  ['lostShare', ({ lostShare }) => lostShare],
  ['ghosts', ({ ghosts }) => ghosts],
  ['doubled', ({ doubled }) => doubled],
  ['skipped', ({ skipped }) => skipped],
  ['finalLength', ({ finalLength }) => finalLength],
  ['distance', ({ distance }) => distance],
  ['conflictsShown', ({ conflictsShown }) => conflictsShown],
  ['convergent', ({ convergent }) => convergent],
  ['bytes', ({ bytes }) => bytes],
  ['cpuMs', ({ cpuMs }) => cpuMs],
]

/** One line a run. */
export const runsCsv = (results: readonly RunResult[]): string => csvOf(ofRuns, results)

/** One line a session and policy. */
export const sessionsCsv = (results: readonly SessionResult[]): string => csvOf(ofSessions, results)

/** After RFC 4180. What a result does not have is empty. */
function csvOf<Result>(columns: Columns<Result>, results: readonly Result[]): string {
  const lines = [columns.map(([name]) => name), ...results.map((result) => columns.map(([, of]) => of(result)))]
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('')
}

/** Those that were broken: `counter exact: 2; no line lost: 1`. */
const brokenOnes = (invariants: RunResult['invariants']): string =>
  Object.entries(invariants)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`)
    .join('; ')

function field(value: Value): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
