import type { Statistics } from '@rejoin/documents/testing'

/** Everything that is known of a campaign after some of its batches. Plain JSON: a file keeps it. */
export interface State {
  readonly engine: string
  /** The laws' titles in the order of the batches: another list is another campaign. */
  readonly laws: readonly string[]
  readonly seed: number
  /** The first batch that is not yet in the sums. */
  readonly next: number
  /** Real time that it has taken, all sittings together. */
  readonly elapsedMs: number
  /** By title. */
  readonly sums: Readonly<Record<string, Sum>>
  readonly failures: readonly Failure[]
}

export interface Sum {
  readonly runs: number
  readonly operations: number
  /** Runs with three replicas or more and concurrent writes to one field. */
  readonly concurrent: number
  /** The lowest median of a batch. */
  readonly medianOperations: number
}

export interface Failure {
  readonly law: string
  readonly seed: number
  /** What does not hold, and the shrunk history. */
  readonly message: string
}

/** Some runs of one law. */
export interface Batch {
  readonly law: string
  readonly seed: number
}

export type Result =
  | { readonly kind: 'held'; readonly statistics: Statistics }
  | { readonly kind: 'broken'; readonly message: string }

/** Every law gets every seed, so that a batch is found again by its number. */
export function batchOf({ laws, seed }: Pick<State, 'laws' | 'seed'>, number: number): Batch {
  return { law: laws[number % laws.length] ?? '', seed: seed + Math.floor(number / laws.length) }
}

export const begin = (engine: string, laws: readonly string[], seed: number): State => ({
  engine,
  laws,
  seed,
  next: 0,
  elapsedMs: 0,
  sums: {},
  failures: [],
})

const failuresMax = 20

/** The state with the next batch in it. */
export function after(state: State, result: Result): State {
  const { law, seed } = batchOf(state, state.next)
  const next = state.next + 1
  if (result.kind === 'broken')
    return {
      ...state,
      next,
      failures: [...state.failures, { law, seed, message: result.message }].slice(0, failuresMax),
    }
  const { histories, operations, concurrent, medianOperations } = result.statistics
  const before = state.sums[law] ?? { runs: 0, operations: 0, concurrent: 0, medianOperations: Infinity }
  const sum = {
    runs: before.runs + histories,
    operations: before.operations + operations,
    concurrent: before.concurrent + Math.round(concurrent * histories),
    medianOperations: Math.min(before.medianOperations, medianOperations),
  }
  return { ...state, next, sums: { ...state.sums, [law]: sum } }
}

const version = 2
export const printState = (state: State): string => `${JSON.stringify({ version, ...state }, undefined, 2)}\n`

/** The state in a file's text; undefined if it is none that this version writes. */
export function readState(text: string): State | undefined {
  try {
    const value = JSON.parse(text) as (State & { readonly version: number }) | null
    if (value?.version !== version || !Array.isArray(value.laws)) return undefined
    const { engine, laws, seed, next, elapsedMs, sums, failures } = value
    const isWhole = [seed, next, elapsedMs].every(Number.isFinite) && Array.isArray(failures)
    return isWhole && typeof sums === 'object' ? { engine, laws, seed, next, elapsedMs, sums, failures } : undefined
  } catch {
    return undefined
  }
}
