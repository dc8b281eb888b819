import { policies } from '../policies/index.ts'
import type { Session } from '../session/session.ts'
import type { Conditions } from '../world/conditions.ts'
import { workloads } from '../workloads/index.ts'
import { beyondBounds } from './bounds.ts'
import { dialsOf, namedConditions, withDials } from './conditions.ts'
import type { Dials } from './conditions.ts'

/** What is run. Plain data: two plans that print alike are the same one. */
export interface Plan {
  readonly policies: readonly string[]
  readonly workloads: readonly string[]
  readonly conditions: readonly Conditions[]
  /** The first seed, and how many. */
  readonly from: number
  readonly seeds: number
  readonly sessions: readonly PlannedSession[]
  /** What sessions are played under. */
  readonly sessionPolicies: readonly string[]
}

/** What tells one recorded session from another. */
export interface PlannedSession {
  readonly name: string
  readonly authors: number
  readonly transactions: number
  readonly typed: number
  /** How far each author's clock is ahead, in milliseconds. */
  readonly skewMs: readonly number[]
}

/** One run of a plan, or one of its sessions under one policy. */
export type Cell =
  | {
      readonly kind: 'run'
      readonly policy: string
      readonly workload: string
      readonly conditions: Conditions
      readonly seed: number
    }
  | { readonly kind: 'session'; readonly policy: string; readonly trace: string }

export interface PlanAsked {
  /** All unless told. */
  readonly policies?: readonly string[] | undefined
  /** All but `tiny` unless told: that one is for a million schedules. */
  readonly workloads?: readonly string[] | undefined
  readonly conditions?: readonly string[] | undefined
  readonly dials?: Dials
  readonly from?: number | undefined
  readonly seeds?: number | undefined
  /** Few seeds, a third of the edits and not all conditions, unless told: all of it within a minute. */
  readonly isQuick?: boolean | undefined
  /** Played under each policy once, before anything else. */
  readonly sessions?: readonly Session[]
  /** Only these. */
  readonly isOnlySessions?: boolean
}

/** What was asked for makes no sense; the message is a sentence that says why. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
}

/** All of it in less than ten minutes on two cores. */
export const seedsUnlessTold = 12

/** In less than one; too few seeds for an interval. Of each row of conditions, which differ in one dial, both ends. */
const quick = {
  seeds: 2,
  edits: 20,
  conditions: ['online', 'hours', 'three-days', 'crowded', 'even', 'same-hour', 'clock-60s'],
  /** One of each kind that tells sessions apart: a text is one value under all the others. */
  sessionPolicies: ['yjs', 'automerge', 'lww-field-hlc', 'first-write-wins', 'server-wins'] as readonly string[],
} as const

/**
 * Throws a PlanError. In the order of the lists here: the same names in another order are the same plan. Sessions alone are
 * played in the order in which policies are asked for, because a program that asks for two takes the first for the first.
 */
export function planOf({ isQuick = false, sessions = [], ...asked }: PlanAsked): Plan {
  const dials = isQuick ? { ...asked.dials, edits: asked.dials?.edits ?? quick.edits } : (asked.dials ?? {})
  const runs = {
    workloads: named('workload', workloads, asked.workloads ?? workloadsUnlessTold()).map(({ name }) => name),
    conditions: differing(
      named('conditions', everyConditions, asked.conditions ?? (isQuick ? quick.conditions : undefined)).map((each) =>
        withDials(each, dials),
      ),
    ),
    from: asked.from ?? 1,
    seeds: asked.seeds ?? (isQuick ? quick.seeds : seedsUnlessTold),
  }
  const beyond = beyondBounds(runs.from, runs.seeds, dials)
  if (beyond !== undefined) throw new PlanError(beyond)
  const known = named('policy', policies, asked.policies).map(({ name }) => name)
  const chosen = asked.isOnlySessions === true ? [...new Set(asked.policies ?? known)] : known
  const isCut = isQuick && asked.policies === undefined && asked.isOnlySessions !== true
  return {
    policies: chosen,
    ...(asked.isOnlySessions === true ? noRuns : runs),
    sessions: sessions.map((session) => plannedSession(session, dials.skewMs ?? 0)),
    sessionPolicies: isCut ? quick.sessionPolicies : chosen,
  }
}

const everyConditions = namedConditions.map((each) => each.conditions)

/** Dials may make conditions the same, which are run once then, by the first of their names. */
const differing = (conditions: readonly Conditions[]): readonly Conditions[] =>
  [...Map.groupBy(conditions, dialsOf).values()].flatMap((alike) => alike.slice(0, 1))

const noRuns = { workloads: [], conditions: [], from: 1, seeds: 0 }

/** Of several authors the first one's clock is ahead by so much, the last one's behind, and the others' are between. */
function plannedSession({ name, authors, transactions, typed }: Session, skewMs: number): PlannedSession {
  const ahead = (author: number): number => (authors > 1 ? skewMs * (1 - (2 * author) / (authors - 1)) : 0)
  return {
    name,
    authors,
    transactions: transactions.length,
    typed,
    skewMs: Array.from({ length: authors }, (_, author) => Math.round(ahead(author))),
  }
}

const workloadsUnlessTold = (): readonly string[] => workloads.map(({ name }) => name).filter((name) => name !== 'tiny')

const severalOf = { policy: 'policies', workload: 'workloads', conditions: 'conditions' } as const

/** Those of the names, or all. */
export function named<T extends { readonly name: string }>(
  what: keyof typeof severalOf,
  known: readonly T[],
  names: readonly string[] | undefined,
): readonly T[] {
  if (names === undefined) return known
  const unknown = names.find((name) => !known.some((each) => each.name === name))
  if (unknown === undefined) return known.filter(({ name }) => names.includes(name))
  const there = known.map(({ name }) => name).join(', ')
  throw new PlanError(
    `There ${what === 'conditions' ? 'are' : 'is'} no ${what} "${unknown}"; the ${severalOf[what]} are ${there}.`,
  )
}

/** Sessions, which take longest, and then seed by seed, so that what is done of a plan is all of it for some of its seeds. */
export function* cellsOf(plan: Plan): Generator<Cell, void, undefined> {
  for (const { name } of plan.sessions)
    for (const policy of plan.sessionPolicies) yield { kind: 'session', policy, trace: name }
  for (let seed = plan.from; seed < plan.from + plan.seeds; seed++)
    for (const conditions of plan.conditions)
      for (const workload of plan.workloads)
        for (const policy of plan.policies) yield { kind: 'run', policy, workload, conditions, seed }
}

export const countOfCells = ({ policies, workloads, conditions, seeds, sessions, sessionPolicies }: Plan): number =>
  sessionPolicies.length * sessions.length + policies.length * workloads.length * conditions.length * seeds

/** What people call it. */
export const nameOfCell = (cell: Cell): string =>
  cell.kind === 'session'
    ? `${cell.policy}, session ${cell.trace}`
    : `${cell.policy}, ${cell.workload}, ${cell.conditions.name}, seed ${cell.seed}`
