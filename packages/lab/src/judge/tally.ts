import { isFounding } from './act.ts'
import type { Act } from './act.ts'

/** What became of things that were done, and of things that were deleted. */
export interface Tally {
  /** Things that people did and whose effect somebody could miss, as far as it can be told what became of them. */
  readonly effects: number
  /** Of these, those whose effect is missing although nobody removed it, nor wrote anything else there at the same time. */
  readonly lost: number
  /** Those that are there and stand in an order that is none that anybody has seen. */
  readonly misplaced: number
  /** Those of which another one, done at the same time, stands instead. */
  readonly overruled: number
  /** Things that people did of which nobody can tell what became of them: no effects. */
  readonly untold: number
  /** Of what was there when people began, what is lost or misplaced: no effects either. */
  readonly startLost: number
  /** What was deleted and nobody brought back. */
  readonly deletions: number
  /** Of this, what is there. */
  readonly ghosts: number
  /** What is there twice, once too many each. */
  readonly doubled: number
  /** What is there and nobody ever wrote. */
  readonly invented: number
}

/** What became of one thing that was done; `untold`: nobody can tell. */
export type Fate = 'kept' | 'lost' | 'misplaced' | 'overruled' | 'untold'

/** What became of which. */
export type Told = readonly [act: Act, fate: Fate]

export const nothing: Tally = {
  effects: 0,
  lost: 0,
  misplaced: 0,
  overruled: 0,
  untold: 0,
  startLost: 0,
  deletions: 0,
  ghosts: 0,
  doubled: 0,
  invented: 0,
}

export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, each) => ({
      effects: sum.effects + each.effects,
      lost: sum.lost + each.lost,
      misplaced: sum.misplaced + each.misplaced,
      overruled: sum.overruled + each.overruled,
      untold: sum.untold + each.untold,
      startLost: sum.startLost + each.startLost,
      deletions: sum.deletions + each.deletions,
      ghosts: sum.ghosts + each.ghosts,
      doubled: sum.doubled + each.doubled,
      invented: sum.invented + each.invented,
    }),
    nothing,
  )

/** Of what people did, and of what was there before. */
export function tallyOf(
  told: readonly Told[],
): Pick<Tally, 'effects' | 'lost' | 'misplaced' | 'overruled' | 'untold' | 'startLost'> {
  const fates = told.filter(([act]) => !isFounding(act)).map(([, fate]) => fate)
  const count = (wanted: Fate): number => fates.filter((fate) => fate === wanted).length
  const untold = count('untold')
  return {
    effects: fates.length - untold,
    lost: count('lost'),
    misplaced: count('misplaced'),
    overruled: count('overruled'),
    untold,
    startLost: told.filter(([act, fate]) => isFounding(act) && (fate === 'lost' || fate === 'misplaced')).length,
  }
}
