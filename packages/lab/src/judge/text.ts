import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfThings } from './membership.ts'
import type { Named } from './membership.ts'
import { Occurrences } from './occurrences.ts'
import { Standing } from './standing.ts'
import { tallyOf } from './tally.ts'
import type { Fate, Told } from './tally.ts'
import { symbolsOf } from './versions.ts'

/**
 * What was typed at once is lost if one symbol of it is: half a word is no word. A text only grows and shrinks, so two
 * symbols that anybody has seen, or typed, in one order are in this order for ever.
 */
export const judgeText: FieldJudge = ({ acts, versions }) => {
  const named = (what: 'type' | 'erase'): readonly Named[] =>
    doing(acts, what).flatMap((act) => [...act.deed.symbols].map((symbol) => [symbol, act] as const))
  const symbols = membershipsOf(named('type'), named('erase'))
  const shown = new Occurrences(versions.map(symbolsOf))
  const standings = versions.map((version) => new Standing(symbolsOf(version)))
  const fates = doing(acts, 'type').map((act): Told => {
    const { after, before } = act.deed
    const typed = [...act.deed.symbols]
    const fate = worstOf(typed.map((symbol) => symbols.get(symbol)?.fateOf(act, shown.isAnywhere(symbol)) ?? 'untold'))
    const there = standings.filter((version) => typed.some((symbol) => version.has(symbol)))
    const seen = [after, ...typed, before].filter((symbol) => symbol !== null)
    const isInOrder = there.length === 0 || there.some((version) => version.areInOrder(seen))
    return [act, fate === 'kept' && !isInOrder ? 'misplaced' : fate]
  })
  return { ...tallyOfThings(symbols, shown), ...tallyOf(fates) }
}

const worstOf = (fates: readonly Fate[]): Fate =>
  (['lost', 'overruled', 'kept'] as const).find((fate) => fates.includes(fate)) ?? 'untold'
