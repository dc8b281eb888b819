import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfThings } from './membership.ts'
import type { Named } from './membership.ts'
import { Occurrences } from './occurrences.ts'
import { tallyOf } from './tally.ts'
import type { Fate } from './tally.ts'
import { symbolsOf } from './versions.ts'

/** What was typed at once is lost if one symbol of it is: half a word is no word. */
export const judgeText: FieldJudge = ({ acts, versions }) => {
  const named = (what: 'type' | 'erase'): readonly Named[] =>
    doing(acts, what).flatMap((act) => [...act.deed.symbols].map((symbol) => [symbol, act] as const))
  const symbols = membershipsOf(named('type'), named('erase'))
  const shown = new Occurrences(versions.map(symbolsOf))
  const fates = doing(acts, 'type').map((act) =>
    worstOf(
      [...act.deed.symbols].map((symbol) => symbols.get(symbol)?.fateOf(act, shown.isAnywhere(symbol)) ?? 'untold'),
    ),
  )
  return { ...tallyOfThings(symbols, shown), ...tallyOf(fates) }
}

const worstOf = (fates: readonly Fate[]): Fate =>
  (['lost', 'overruled', 'kept'] as const).find((fate) => fates.includes(fate)) ?? 'untold'
