import type { ConditionName } from './conditions.ts'
import type { FaultAct, StrikeKind } from './faults.ts'

/** What people and the server do all the time. */
export const workKinds = ['edit', 'write', 'look', 'move', 'repair', 'fold', 'grade', 'delete', 'settle'] as const
export type WorkKind = (typeof workKinds)[number]
export type ActKind = WorkKind | FaultAct

/** Named numbers of a world, all of them. */
export type Conditions = Readonly<Record<ConditionName, number>>

/**
 * Something that somebody does or suffers at a time: `1.204 r0 edit 7` is the seventh edit of r0, 1.204 s after the
 * beginning. What it chooses comes from dice of (seed, who, what, nth), so leaving out another act changes nothing in it.
 */
export interface Act {
  readonly atMs: number
  readonly who: string
  readonly what: ActKind
  /** Counted from 1. */
  readonly nth: number
}

/**
 * A fault that strikes at a moment which the harmed machine counts: `r0.2 up 14` is the 14th frame up the second
 * connection of r0.
 */
export interface Strike {
  readonly moment: string
  readonly fault: StrikeKind
}

export type Odds = Readonly<Partial<Record<StrikeKind, number>>>

/** What a seed unrolls to. Plain data, and all that a run depends on. */
export interface Schedule {
  readonly seed: number
  readonly conditions: Conditions
  /** In the order of their times. */
  readonly acts: readonly Act[]
  /** By the seed's dice and the odds, or exactly these. */
  readonly strikes: 'by-odds' | readonly Strike[]
  /** The probability of each fault at each of its moments. */
  readonly odds: Odds
}
