import { Dice } from './world/dice.ts'
import type { DiskFaults } from './world/disk.ts'
import type { NetworkFaults } from './world/network.ts'
import type { LogFaults } from './world/server.ts'

/** What happens again and again, each after a time of its own. */
export const acts = [
  'edit',
  'look',
  'move',
  'replicaCrash',
  'offline',
  'diskFull',
  'clockJump',
  'serverCrash',
  'logFull',
  'fold',
  'grade',
] as const
export type Act = (typeof acts)[number]

/** What a seed unrolls to, before the first step. Plain JSON: a committed regression has one. */
export interface Plan {
  readonly seed: number
  readonly replicas: number
  readonly chaosMs: number
  readonly network: NetworkFaults
  readonly disk: DiskFaults
  readonly log: LogFaults
  /** Mean time between two of each, in milliseconds, for each replica or for the server; 0: never. */
  readonly everyMs: Readonly<Record<Act, number>>
  /** One replica goes away early and comes back when all faults are over. */
  readonly away: boolean
  /** One entry in so many is refused by a rule; 0: none. */
  readonly refuseOneIn: number
  /** Limits so small that frames, pages, rows and caches are often full. */
  readonly tiny: boolean
}

/** Each seed has its own mix of faults: some have many, some none, so that rare ones are not drowned. */
export function planOf(seed: number): Plan {
  const dice = new Dice(seed)
  const sometimes = (probability: number, low: number, high: number): number =>
    dice.chance(probability) ? dice.between(low, high) : 0
  return {
    seed,
    replicas: 1 + dice.below(4),
    chaosMs: dice.between(6_000, 30_000),
    network: {
      drop: sometimes(0.4, 0.001, 0.02),
      duplicate: sometimes(0.4, 0.01, 0.2),
      flip: sometimes(0.2, 0.001, 0.01),
      cut: sometimes(0.6, 0.001, 0.03),
      halfOpen: sometimes(0.2, 0.001, 0.01),
      stall: sometimes(0.3, 0.001, 0.02),
      delayMs: dice.between(2, 300),
      stallMs: dice.between(1_000, 15_000),
    },
    disk: { delayMs: sometimes(0.6, 1, 40), crash: sometimes(0.4, 0.001, 0.02) },
    log: { delayMs: sometimes(0.4, 1, 60), crash: sometimes(0.4, 0.005, 0.05) },
    everyMs: {
      edit: dice.between(80, 1_200),
      look: dice.between(500, 3_000),
      move: sometimes(0.5, 1_000, 8_000),
      replicaCrash: sometimes(0.5, 2_000, 15_000),
      offline: sometimes(0.5, 2_000, 12_000),
      diskFull: sometimes(0.3, 3_000, 10_000),
      clockJump: sometimes(0.3, 3_000, 12_000),
      serverCrash: sometimes(0.4, 3_000, 15_000),
      logFull: sometimes(0.3, 3_000, 10_000),
      fold: sometimes(0.5, 500, 6_000),
      grade: sometimes(0.5, 500, 4_000),
    },
    away: dice.chance(0.25),
    refuseOneIn: dice.chance(0.4) ? 4 + dice.below(40) : 0,
    tiny: dice.chance(0.4),
  }
}
