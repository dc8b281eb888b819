import type { Patch } from './shape.ts'
import type { Trace, Transaction } from './trace.ts'

/** What one transaction of a replica may insert, in UTF-16 units: in UTF-8 well under the limit of an entry. */
export const insertedMax: number = 64 * 1024

/**
 * The same session with no transaction that inserts more than `max` units: a large paste becomes several
 * transactions, and so does what a large `startContent` has too much.
 */
export function bounded(trace: Trace, max: number = insertedMax): Trace {
  const [startContent = '', ...pieces] = piecesOf(trace.startContent, max)
  let length = startContent.length
  const loading = pieces.map((piece): Transaction => {
    length += piece.length
    return [[length - piece.length, 0, piece]]
  })
  const transactions = [...loading]
  for (const transaction of trace.transactions) {
    if (insertedBy(transaction) <= max) transactions.push(transaction)
    else transactions.push(...parted(transaction, max))
  }
  return { ...trace, startContent, transactions }
}

const insertedBy = (transaction: Transaction): number =>
  transaction.reduce((sum, [, , inserted]) => sum + inserted.length, 0)

/** Each patch of its own, and each piece of a large one. */
const parted = (transaction: Transaction, max: number): Transaction[] =>
  transaction.flatMap(([at, deleted, inserted]) => {
    let done = 0
    return piecesOf(inserted, max).map((piece, index): readonly Patch[] => {
      done += piece.length
      return [[at + done - piece.length, index === 0 ? deleted : 0, piece]]
    })
  })

/** At least one piece, none longer than `max`; a pair of surrogates stays together. */
function piecesOf(text: string, max: number): string[] {
  if (text.length <= max) return [text]
  const pieces: string[] = []
  for (let from = 0; from < text.length;) {
    const end = from + max
    const splitsPair = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))
    pieces.push(text.slice(from, splitsPair ? end - 1 : end))
    from = splitsPair ? end - 1 : end
  }
  return pieces
}
