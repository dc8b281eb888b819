import fc from 'fast-check'
import type { Engine, EngineDocument, Update } from '../engine.ts'
import { factsOf } from './facts.ts'
import { anyActions, playHistory } from './history.ts'
import type { Action, History } from './history.ts'
import { stateOf } from './state.ts'
import type { HistoryFacts } from './statistics.ts'
import { untilLost } from './until-lost.ts'

export interface LawOptions {
  /** How many random histories each law is tried on. */
  readonly runs?: number
  /** Repeats a run that failed; printed with the failure. */
  readonly seed?: number
  /** Is told of every history after it was played, for statistics. */
  watch?(facts: HistoryFacts): void
}

/** What every engine promises. `check` throws with the smallest counterexample it finds. */
export interface Law {
  readonly title: string
  check(engine: Engine, options?: LawOptions): void
}

/** A history, and numbers from which a law makes its own disorder. */
export interface Case {
  readonly engine: Engine
  readonly history: History
  readonly shuffle: <T>(items: readonly T[]) => T[]
  readonly number: (below: number) => number
}

/** A law that is tried on random histories, of the actions as they are or as `change` makes them. */
export function law(
  title: string,
  holds: (input: Case) => void,
  change: (actions: readonly Action[]) => readonly Action[] = (actions) => actions,
): Law {
  return {
    title,
    check(engine, { runs: numRuns = 100, seed, watch } = {}) {
      const tried = untilLost(([actions, numbers]: readonly [readonly Action[], fc.Stream<number>]) => {
        const number = (below: number): number => numbers.next().value % Math.max(1, below)
        const history = playHistory(engine, change(actions))
        watch?.(factsOf(history))
        holds({ engine, history, number, shuffle: (items) => shuffled(items, number) })
      })
      const property = fc.property(fc.tuple(anyActions, fc.infiniteStream(fc.nat())), tried)
      fc.assert(property, seed === undefined ? { numRuns } : { numRuns, seed })
    },
  }
}

export const updatesOf = (history: History): Update[] => history.writes.map((write) => write.update)

export function documentOf(engine: Engine, updates: readonly Update[]): EngineDocument {
  const document = engine.create()
  document.apply(updates)
  return document
}

export const stateAfter = (engine: Engine, updates: readonly Update[]): string => stateOf(documentOf(engine, updates))

export function chunks<T>(items: readonly T[], number: (below: number) => number): T[][] {
  const result: T[][] = []
  for (let i = 0; i < items.length;) {
    const next = i + 2 + number(8)
    result.push(items.slice(i, next))
    i = next
  }
  return result
}

function shuffled<T>(items: readonly T[], number: (below: number) => number): T[] {
  const keyed = items.map((item) => ({ item, rank: number(1 << 30) }))
  return keyed.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
}

/** As `stateOf`, but survivors of one stamp stand by value: whoever makes writes again gives them other ids. */
export function sameContent(document: EngineDocument): string {
  const { text, list, registers } = document
  const survivors = [...registers.keys()].sort().map((key) => [
    key,
    registers
      .survivors(key)
      .map(({ stamp, value }) => JSON.stringify([stamp, value]))
      .sort(),
  ])
  return JSON.stringify([text.read(), list.read(), survivors])
}

export function expectEqual(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`expected ${String(expected)}\n   found ${String(found)}`)
}
