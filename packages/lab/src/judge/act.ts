import type { Deed } from '../fields/deed.ts'
import { wasSeenBy } from '../ledger/edit.ts'
import type { Edit } from '../ledger/edit.ts'

/** One deed among those of the edit that it was part of. */
export interface Act<D extends Deed = Deed> {
  readonly deed: D
  readonly edit: Edit
  /** Its number in the edit. */
  readonly nth: number
}

/** All deeds, in the order in which they were done. */
export const actsOf = (edits: readonly Edit[]): readonly Act[] =>
  edits.flatMap((edit) => edit.deeds.map((deed, nth) => ({ deed, edit, nth })))

/** Whether it made what was there when people began. */
export const isFounding = ({ edit }: Act): boolean => edit.founding === true

/** Whether the second was done by somebody who knew of the first. */
export const saw = (second: Act, first: Act): boolean =>
  first.edit === second.edit ? first.nth < second.nth : wasSeenBy(first.edit, second.edit)

/** Whether neither was done in knowledge of the other. */
export const areApart = (a: Act, b: Act): boolean => a !== b && !saw(a, b) && !saw(b, a)

/** Those that do one of these things. */
export function doing<Do extends Deed['do']>(
  acts: readonly Act[],
  ...what: readonly Do[]
): readonly Act<Extract<Deed, { readonly do: Do }>>[] {
  const isOne = (act: Act): act is Act<Extract<Deed, { readonly do: Do }>> =>
    (what as readonly string[]).includes(act.deed.do)
  return acts.filter(isOne)
}
