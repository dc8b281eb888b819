import { readBare } from './bare/bare.ts'
import type { Bare } from './bare/bare.ts'
import type { TapeFold, TapeRow } from './tape.ts'

/**
 * Whether a snapshot is what the rows make that it stands for, by a bare library: the same containers with the same
 * content, of the same updates. Registers are compared as sets of their survivors.
 */
export function wrongFold(rows: readonly TapeRow[], fold: TapeFold): string | undefined {
  const { document, seq } = fold
  const isFolded = (row: TapeRow): boolean => row.document === document && row.seq <= seq && row.kind === 'update'
  const expected = contentOf(readBare(document, rows.filter(isFolded)))
  const found = contentOf(readBare(document, [fold]))
  return expected === found
    ? undefined
    : `[I14] the snapshot of ${document} at ${seq} has ${found.slice(0, 80)}, its rows ${expected.slice(0, 80)}`
}

const contentOf = ({ registers, text, list, waits, seen }: Bare): string =>
  JSON.stringify([registers.map((row) => JSON.stringify(row)).sort(), text, list, waits, seen])
