import type { DocumentKey } from '@rejoin/base'
import type { LocalRow } from '../replica/row.ts'

/** A row that the server does not have yet. */
export interface WaitingRow {
  readonly row: number
  readonly document: DocumentKey
  readonly record: LocalRow
}

/**
 * With every row of a group all of its rows, and with every row all later ones of its document. In one store
 * transaction: a crash between the halves of a transaction would leave one of them to be sent.
 */
export function closureOf(waiting: readonly WaitingRow[], first: ReadonlySet<number>): readonly WaitingRow[] {
  const taken = new Set(first)
  for (let before = -1; before < taken.size;) {
    before = taken.size
    const groups = new Set<number>()
    const earliest = new Map<DocumentKey, number>()
    for (const { row, document, record } of waiting) {
      if (!taken.has(row)) continue
      if (record.group !== 0) groups.add(record.group)
      earliest.set(document, Math.min(row, earliest.get(document) ?? row))
    }
    for (const { row, document, record } of waiting)
      if (groups.has(record.group) || row > (earliest.get(document) ?? Number.POSITIVE_INFINITY)) taken.add(row)
  }
  return waiting.filter(({ row }) => taken.has(row)).sort((a, b) => a.row - b.row)
}
