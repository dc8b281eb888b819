import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import type { ConcurrentTransaction, Patch } from '@rejoin/lab/trace'
import { openLoro, patchLoro } from './bare-loro.ts'

/** An author's own copy of the text. */
interface Author<U> {
  take(updates: readonly U[]): void
  /** What was written, to be sent; nothing if nothing changed. */
  write(patches: readonly Patch[]): readonly U[]
}

/** What its authors wrote, each at a copy that has exactly what its author saw; in causal order. */
function writtenWith<U>(
  transactions: readonly ConcurrentTransaction[],
  createAuthor: (author: number) => Author<U>,
): readonly U[] {
  const authors = new Map<number, Author<U>>()
  const made: (readonly U[])[] = []
  for (const { author: id, takesIn, patches } of transactions) {
    const author = authors.get(id) ?? createAuthor(id)
    authors.set(id, author)
    if (takesIn.length > 0) author.take(takesIn.flatMap((index) => made[index] ?? []))
    made.push(author.write(patches))
  }
  return made.flat()
}

export const writtenBy = (engine: Engine, transactions: readonly ConcurrentTransaction[]): readonly Update[] =>
  writtenWith(transactions, (id): Author<Update> => {
    const document = engine.create()
    document.setClient(id + 1)
    return {
      take: (updates) => document.apply(updates),
      write(patches) {
        const update = document.transact(() => patches.forEach((patch) => edit(document, patch)))
        return update === undefined ? [] : [update]
      },
    }
  })

export const writtenByLoro = (transactions: readonly ConcurrentTransaction[]): readonly Uint8Array[] =>
  writtenWith(transactions, (id): Author<Uint8Array> => {
    const bare = openLoro(id + 1)
    return {
      take: (updates) => void bare.doc.importBatch([...updates]),
      write(patches) {
        patchLoro(bare, patches)
        return bare.updates.splice(0)
      },
    }
  })

/** The recorded text is ASCII: positions are the same in characters and in units. */
function edit({ text }: EngineDocument, [position, deleted, inserted]: Patch): void {
  if (deleted > 0) text.delete(position, deleted)
  if (inserted !== '') text.insert(position, inserted)
}
