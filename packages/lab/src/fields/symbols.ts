/**
 * Texts in the lab are made of symbols: characters of which each is typed once in a run, so that at the end it can be
 * told of each who typed it and whether it is still there, in any engine, also where a text is one value.
 */
const first = 0x1_00_00
/** How many there are. */
export const symbolCount: number = 0x10_ff_ff - first + 1

/** A symbol is so many UTF-16 units, and four bytes in UTF-8. */
export const unitsOfSymbol = 2

/** The symbol of that number, from 0. */
export function symbolOf(nth: number): string {
  if (nth >= symbolCount) throw new RangeError(`A run has ${symbolCount} symbols, and this one has used them up.`)
  return String.fromCodePoint(first + nth)
}

export const nthOf = (symbol: string): number => (symbol.codePointAt(0) ?? first) - first

/** What a text is made of, by number. */
export function symbolsIn(text: string): Int32Array {
  const nths = new Int32Array(text.length / unitsOfSymbol)
  for (let i = 0; i < nths.length; i++) nths[i] = (text.codePointAt(unitsOfSymbol * i) ?? first) - first
  return nths
}
