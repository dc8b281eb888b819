/** What became of things that were done, and of things that were deleted. */
export interface Tally {
  /** Things that were done and whose effect somebody could miss, as far as it can be told what became of them. */
  readonly effects: number
  /** Of these, those whose effect is missing although nobody removed it, nor wrote anything else there at the same time. */
  readonly lost: number
  /** Those that are there and stand in an order that is none that anybody has seen. */
  readonly misplaced: number
  /** Those of which another one, done at the same time, stands instead. */
  readonly overruled: number
  /** What was deleted and nobody brought back. */
  readonly deletions: number
  /** Of this, what is there. */
  readonly ghosts: number
  /** What is there twice, once too many each. */
  readonly doubled: number
}

/** What became of one thing that was done; `untold`: nobody can tell. */
export type Fate = 'kept' | 'lost' | 'misplaced' | 'overruled' | 'untold'

export const nothing: Tally = { effects: 0, lost: 0, misplaced: 0, overruled: 0, deletions: 0, ghosts: 0, doubled: 0 }

export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, each) => ({
      effects: sum.effects + each.effects,
      lost: sum.lost + each.lost,
      misplaced: sum.misplaced + each.misplaced,
      overruled: sum.overruled + each.overruled,
      deletions: sum.deletions + each.deletions,
      ghosts: sum.ghosts + each.ghosts,
      doubled: sum.doubled + each.doubled,
    }),
    nothing,
  )

/** As far as fates tell. */
export const tallyOf = (fates: readonly Fate[]): Pick<Tally, 'effects' | 'lost' | 'misplaced' | 'overruled'> => ({
  effects: fates.filter((fate) => fate !== 'untold').length,
  lost: fates.filter((fate) => fate === 'lost').length,
  misplaced: fates.filter((fate) => fate === 'misplaced').length,
  overruled: fates.filter((fate) => fate === 'overruled').length,
})
