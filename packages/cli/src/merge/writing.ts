import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Engine, Update } from '@rejoin/documents'
import type { ConcurrentTrace } from '@rejoin/lab/trace'
import { Author } from './author.ts'
import type { Units } from './author.ts'
import { endOf } from './end.ts'
import type { End } from './end.ts'

export interface Written {
  /** What each transaction that changed something did, in the order of the trace. */
  readonly updates: readonly Update[]
  /** Where each author ends, once it has taken in the rest of what the others wrote. */
  readonly ends: readonly End[]
}

/**
 * Plays the session as its authors. Each has one replica, which sees what the parents of its next transaction bring
 * and nothing else, and writes there. The error is the end of a sentence that begins with the name of the file.
 */
export async function writeSession(
  trace: ConcurrentTrace,
  engine: Engine,
  show: (done: number) => Promise<void>,
): Promise<Result<Written, string>> {
  const units = unitsOf(trace)
  const authors = new Map<number, Author>()
  const made: (Update | undefined)[] = []
  for (const [index, { author: id, takesIn, patches }] of trace.transactions.entries()) {
    const author = authors.get(id) ?? new Author(engine, id + 1, units)
    authors.set(id, author)
    author.take(present(made, takesIn))
    const written = author.write(patches)
    if (!written.ok) return err(`is not a trace: its transaction ${index} has a patch that ${written.error}.`)
    made.push(written.value)
    await show(index + 1)
  }
  const ends = [...authors].map(([id, author]) => {
    author.take(present(made, lackedBy(trace, id)))
    return endOf(`author ${id}`, author.document)
  })
  return ok({ updates: made.filter((update) => update !== undefined), ends })
}

const present = (made: readonly (Update | undefined)[], indexes: readonly number[]): readonly Update[] =>
  indexes.map((index) => made[index]).filter((update) => update !== undefined)

/** The transactions that an author has not seen at the end of the session. */
function lackedBy(trace: ConcurrentTrace, id: number): readonly number[] {
  const known = new Set<number>()
  for (const [index, { author, takesIn }] of trace.transactions.entries()) {
    if (author !== id) continue
    known.add(index)
    for (const seen of takesIn) known.add(seen)
  }
  return [...trace.transactions.keys()].filter((index) => !known.has(index))
}

function unitsOf({ transactions }: ConcurrentTrace): Units {
  const isMixed = transactions.some(({ patches }) => patches.some(([, , inserted]) => /[\ud800-\udbff]/.test(inserted)))
  return isMixed ? 'mixed' : 'one-each'
}
