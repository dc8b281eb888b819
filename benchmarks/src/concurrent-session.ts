import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import type { Patch } from './trace.ts'

/** A recorded session of authors who write at once. */
export interface Session {
  readonly endContent: string
  readonly transactions: readonly Transaction[]
}

interface Transaction {
  readonly author: number
  /** The transactions after which it was written, with all before these. */
  readonly parents: readonly number[]
  readonly patches: readonly Patch[]
}

/** A gzipped file in the concurrent format of editing traces. */
export function readSession(file: string): Session {
  const { endContent, txns } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    readonly endContent: string
    readonly txns: readonly { readonly agent: number; readonly parents: number[]; readonly patches: Patch[] }[]
  }
  return { endContent, transactions: txns.map(({ agent: author, ...rest }) => ({ author, ...rest })) }
}

/** What its authors wrote, each at a replica that sees exactly what the parents of a transaction say; in causal order. */
export function writtenBy(engine: Engine, transactions: readonly Transaction[]): readonly Update[] {
  const authors = new Map<number, { readonly document: EngineDocument; readonly seen: Set<number> }>()
  const made: (readonly Update[])[] = []
  for (const [index, { author: id, parents, patches }] of transactions.entries()) {
    const author = authors.get(id) ?? { document: engine.create(), seen: new Set() }
    if (!authors.has(id)) author.document.setClient(id + 1)
    authors.set(id, author)
    author.document.apply(unseen(transactions, parents, author.seen).flatMap((each) => made[each] ?? []))
    const update = author.document.transact(() => patches.forEach((patch) => edit(author.document, patch)))
    author.seen.add(index)
    made.push(update === undefined ? [] : [update])
  }
  return made.flat()
}

/** The parents and all before them, ascending, that were not seen; from now on they are. */
function unseen(transactions: readonly Transaction[], parents: readonly number[], seen: Set<number>): number[] {
  const found: number[] = []
  const left = [...parents]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    found.push(next)
    left.push(...(transactions[next]?.parents ?? []))
  }
  return found.sort((a, b) => a - b)
}

/** The recorded text is ASCII: positions are the same in characters and in units. */
function edit({ text }: EngineDocument, [position, deleted, inserted]: Patch): void {
  if (deleted > 0) text.delete(position, deleted)
  if (inserted !== '') text.insert(position, inserted)
}
