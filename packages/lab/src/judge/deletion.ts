import type { Deed } from '../fields/deed.ts'
import { areApart, doing, saw } from './act.ts'
import type { Act } from './act.ts'
import { nothing, tallyOf } from './tally.ts'
import type { Fate, Tally } from './tally.ts'

/** Deeds whose effect somebody could miss. */
const effective: readonly Deed['do'][] = ['set', 'add', 'put', 'place', 'move', 'append', 'vote', 'type']

/**
 * Nobody undeletes, so one deletion is enough. Undefined if there was none. What somebody saw who deleted the entity went
 * with it, and nobody can tell whether it was still there by then; what was done at the same time gave way to the deletion.
 */
export function judgeDeletion(acts: readonly Act[], isShown: boolean): Tally | undefined {
  const deletions = doing(acts, 'delete')
  if (deletions.length === 0) return undefined
  const fateOf = (act: Act): Fate => {
    if (isShown || deletions.some((deletion) => saw(deletion, act))) return 'untold'
    return deletions.some((deletion) => areApart(deletion, act)) ? 'overruled' : 'lost'
  }
  const effects = acts.filter(({ deed }) => effective.includes(deed.do))
  const tally = tallyOf(effects.map((act) => [act, fateOf(act)]))
  return { ...nothing, ...tally, deletions: 1, ghosts: isShown ? 1 : 0 }
}
