import type { StrikeKind } from '../schedule/faults.ts'
import type { Schedule, Strike } from '../schedule/types.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'

/** Whether a fault strikes at a moment: by the odds and the seed's dice, or where the schedule says so. */
export class Strikes {
  readonly #schedule: Schedule
  readonly #counts: FaultCounts
  readonly #planned: ReadonlySet<string> | undefined
  readonly #struck: Strike[] = []
  #isOver = false

  constructor(schedule: Schedule, counts: FaultCounts) {
    this.#schedule = schedule
    this.#counts = counts
    if (schedule.strikes !== 'by-odds')
      this.#planned = new Set(schedule.strikes.map(({ moment, fault }) => `${moment} ${fault}`))
  }

  /** Those that struck so far. */
  get struck(): readonly Strike[] {
    return this.#struck
  }

  /** Nothing strikes any more. */
  end(): void {
    this.#isOver = true
  }

  /** Undefined if it does not strike; else dice for what remains to be chosen. Each moment is asked about once. */
  at(moment: string, fault: StrikeKind): Dice | undefined {
    if (this.#isOver) return undefined
    const { seed, odds } = this.#schedule
    const probability = odds[fault] ?? 0
    if (this.#planned === undefined && probability === 0) return undefined
    const planned = this.#planned?.has(`${moment} ${fault}`)
    if (planned === false) return undefined
    const dice = diceOf(seed, moment, fault)
    const strikes = dice.chance(probability)
    if (!(planned ?? strikes)) return undefined
    this.#struck.push({ moment, fault })
    this.#counts.add(fault)
    return dice
  }
}
