import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import type { Outcome } from './outcome.ts'

type Check = (value: unknown) => boolean

/** Things or bytes, counted. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0
export const isAmount: Check = (value) => Number.isFinite(value) && Number(value) >= 0
export const isText: Check = (value) => typeof value === 'string'
const isTruth: Check = (value) => typeof value === 'boolean'
const isNumber: Check = Number.isFinite
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)

const ofRun: Readonly<Record<keyof RunResult, Check>> = {
  policy: isText,
  workload: isText,
  conditions: isText,
  seed: isCount,
  edits: isCount,
  concurrentPairs: isCount,
  effects: isCount,
  lost: isCount,
  misplaced: isCount,
  overruled: isCount,
  untold: isCount,
  startLost: isCount,
  deletions: isCount,
  ghosts: isCount,
  doubled: isCount,
  invented: isCount,
  invariants: (value) => typeof value === 'object' && value !== null && Object.values(value).every(isCount),
  distance: orNull(isAmount),
  interleaving: orNull(isAmount),
  conflictsShown: isCount,
  convergent: isTruth,
  stalenessMeanMs: isAmount,
  stalenessP95Ms: isAmount,
  bytesUp: isCount,
  bytesDown: isCount,
  storageBytes: isCount,
  cpuMs: isNumber,
}

const ofSession: Readonly<Record<keyof SessionResult, Check>> = {
  policy: isText,
  trace: isText,
  authors: isCount,
  transactions: isCount,
  turn: orNull(isCount),
  effects: isCount,
  lostEffects: isCount,
  lostShare: isAmount,
  ghosts: isCount,
  doubled: isCount,
  finalLength: isCount,
  traceLength: isCount,
  distance: isAmount,
  skipped: isCount,
  conflictsShown: isCount,
  convergent: isTruth,
  bytes: isCount,
  cpuMs: isNumber,
}

/** The first part of an outcome that is missing or is nothing that it can be. */
export function spoiltIn(outcome: Outcome): string | undefined {
  const checks: Readonly<Record<string, Check>> = outcome.kind === 'run' ? ofRun : ofSession
  return spoiltPart(outcome as unknown as Readonly<Record<string, unknown>>, checks)
}

export const spoiltPart = (
  value: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
): string | undefined => Object.keys(checks).find((part) => checks[part]?.(value[part]) !== true)
