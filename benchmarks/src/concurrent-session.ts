import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import type { ConcurrentTransaction, Patch, Trace } from '@rejoin/lab/trace'
import { openLoro, patchLoro } from './bare-loro.ts'
import { clientId } from './e8.ts'

/** What somebody did to a text, seeing exactly what the trace says. */
export type Written = Pick<ConcurrentTransaction, 'author' | 'takesIn' | 'patches'>

/** An author's own copy of the text. */
export interface Author<U> {
  take(updates: readonly U[]): void
  /** What was written, to be sent; undefined if nothing changed. */
  write(patches: readonly Patch[]): U | undefined
}

export interface Sent<U> {
  readonly author: number
  readonly update: U
}

/** Of one author, who sees their own. */
export const byOne = ({ transactions }: Pick<Trace, 'transactions'>): readonly Written[] =>
  transactions.map((patches) => ({ author: 0, takesIn: [], patches }))

/** What its authors send, each from a copy that has exactly what its author saw; in causal order. */
export function sentBy<U>(transactions: readonly Written[], createAuthor: (author: number) => Author<U>): Sent<U>[] {
  const authors = new Map<number, Author<U>>()
  const sent: (U | undefined)[] = []
  for (const { author: id, takesIn, patches } of transactions) {
    const author = authors.get(id) ?? createAuthor(id)
    authors.set(id, author)
    if (takesIn.length > 0) author.take(takesIn.flatMap((index) => sent[index] ?? []))
    sent.push(author.write(patches))
  }
  return sent.flatMap((update, index) =>
    update === undefined ? [] : [{ author: transactions[index]?.author ?? 0, update }],
  )
}

export const writtenBy = (engine: Engine, transactions: readonly Written[]): readonly Update[] =>
  sentBy(transactions, (id) => authorOn(engine, id)).map(({ update }) => update)

export const writtenByLoro = (transactions: readonly Written[]): readonly Uint8Array[] =>
  sentBy(transactions, loroAuthor).map(({ update }) => update)

export function authorOn(engine: Engine, id: number): Author<Update> {
  const document = engine.create()
  document.setClient(clientId + id)
  return {
    take: (updates) => document.apply(updates),
    write: (patches) => document.transact(() => patches.forEach((patch) => edit(document, patch))),
  }
}

/** The recorded text is ASCII: positions are the same in characters and in units. */
function edit({ text }: EngineDocument, [position, deleted, inserted]: Patch): void {
  if (deleted > 0) text.delete(position, deleted)
  if (inserted !== '') text.insert(position, inserted)
}

export function loroAuthor(id: number): Author<Uint8Array> {
  const bare = openLoro(id)
  return {
    take: (updates) => void bare.doc.importBatch([...updates]),
    write(patches) {
      patchLoro(bare, patches)
      return bare.updates.pop()
    },
  }
}
