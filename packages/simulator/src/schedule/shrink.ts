import { reductions } from './reductions.ts'
import type { Reduction } from './reductions.ts'
import type { Conditions, Schedule } from './types.ts'

/**
 * Runs a candidate. If it breaks what the first one broke, resolves to the candidate as it went – its strikes are
 * those that really struck – and to undefined otherwise.
 */
export type StillBroken = (candidate: Schedule) => Promise<Schedule | undefined>

export interface ShrinkOptions {
  /** What conditions are tried at. */
  readonly calm: Conditions
  /** How many candidates may be run. */
  readonly runsMax: number
  /** Asked before each run: true ends the search with what it has. */
  readonly hurry?: () => boolean
  readonly progress?: (report: ShrinkProgress) => void
}

export interface ShrinkProgress {
  readonly runs: number
  /** The smallest broken schedule so far. */
  readonly smallest: Schedule
}

export interface Shrunk {
  readonly schedule: Schedule
  readonly runs: number
  /** Nothing more can be left out; false: the runs or the time ended first. */
  readonly isMinimal: boolean
}

/**
 * Makes a broken schedule small: fewer replicas, acts and strikes, calmer conditions, shorter chaos, again and again
 * until nothing more can go. Delta debugging, after Zeller and Hildebrandt 2002, of which it has the part that
 * removes. Undefined if the schedule itself is not broken. The same schedule and answers give the same result.
 */
export async function shrink(
  schedule: Schedule,
  stillBroken: StillBroken,
  options: ShrinkOptions,
): Promise<Shrunk | undefined> {
  const search = new Search(stillBroken, options)
  if (!(await search.adopts(schedule))) return undefined
  for (let before = 0; before !== search.adopted && !search.isOver;) {
    before = search.adopted
    for (const reduction of reductions(options.calm)) await search.exhaust(reduction)
    await search.leaveOut(
      ({ acts }) => acts,
      (smallest, acts) => ({ ...smallest, acts }),
    )
    await search.leaveOut(
      ({ strikes }) => (strikes === 'by-odds' ? [] : strikes),
      (smallest, strikes) => ({ ...smallest, strikes }),
    )
  }
  return { schedule: search.smallest ?? schedule, runs: search.runs, isMinimal: !search.isOver }
}

class Search {
  smallest: Schedule | undefined
  runs = 0
  /** How many candidates were taken. */
  adopted = 0
  /** The budget is used up. */
  isOver = false
  readonly #stillBroken: StillBroken
  readonly #options: ShrinkOptions
  readonly #held = new Set<string>()

  constructor(stillBroken: StillBroken, options: ShrinkOptions) {
    this.#stillBroken = stillBroken
    this.#options = options
  }

  /** Runs a candidate, and takes it if it is broken too. */
  async adopts(candidate: Schedule): Promise<boolean> {
    const { runsMax, hurry, progress } = this.#options
    const key = JSON.stringify(candidate)
    if (this.#held.has(key)) return false
    this.isOver ||= this.runs >= runsMax || hurry?.() === true
    if (this.isOver) return false
    this.runs += 1
    const broken = await this.#stillBroken(candidate)
    if (broken === undefined) this.#held.add(key)
    else {
      this.smallest = broken
      this.adopted += 1
    }
    if (this.smallest !== undefined) progress?.({ runs: this.runs, smallest: this.smallest })
    return broken !== undefined
  }

  /** Tries the candidates of one reduction; after each that is taken it goes on with what is left to try of it. */
  async exhaust(reduction: Reduction): Promise<void> {
    for (let index = 0; !this.isOver;) {
      const candidate = this.smallest && reduction(this.smallest)[index]
      if (candidate === undefined) return
      if (!(await this.adopts(candidate))) index += 1
    }
  }

  /** Leaves items out: all, halves, quarters, … and in the end each alone. Later ones first. */
  async leaveOut<T>(
    itemsOf: (schedule: Schedule) => readonly T[],
    having: (schedule: Schedule, items: readonly T[]) => Schedule,
  ): Promise<void> {
    const now = (): readonly T[] => (this.smallest === undefined ? [] : itemsOf(this.smallest))
    for (const length of lengths(now().length)) {
      for (let end = now().length; end > 0 && !this.isOver; end = Math.min(end - length, now().length)) {
        const { smallest } = this
        if (smallest === undefined) return
        const items = now()
        await this.adopts(having(smallest, [...items.slice(0, Math.max(0, end - length)), ...items.slice(end)]))
      }
    }
  }
}

/** Lengths of chunks: everything, halves, quarters, down to single items. */
function lengths(count: number): readonly number[] {
  const found: number[] = []
  for (let length = count; length > 1; length = Math.ceil(length / 2)) found.push(length)
  return count === 0 ? [] : [...found, 1]
}
