import { RejoinError } from '@rejoin/base'
import * as Y from 'yjs'
import type { Change, Deleted, Inserted, Survivor, Told, Update, WriteId } from '../engine.ts'
import { chainsOf } from '../history/chains.ts'
import type { Chain } from '../history/chains.ts'
import { integrate } from './apply.ts'
import { decodeUpdates } from './decode.ts'
import { byStampThenId, readEntries } from './entries.ts'
import { newDoc, rootNames } from './roots.ts'
import { listSequence, textSequence } from './sequence.ts'
import type { Sequence } from './sequence.ts'
import { isUnmarked } from './unmarked.ts'
import { WaitingRoom } from './waiting.ts'

export const changes = (before: readonly Update[], update: Update): readonly Change[] =>
  changesOfEach(before, [update])[0]?.changes ?? []

export function changesOfEach(before: readonly Update[], updates: readonly Update[]): readonly Told[] {
  const known = decodeUpdates(before)
  const news = updates.map((update) => decodeUpdates([update]))
  const doc = newDoc()
  const room = new WaitingRoom()
  const found: Told[] = []
  try {
    integrate(doc, known, { room })
    for (const update of news) {
      let told: readonly Change[] = []
      integrate(doc, update, { room, look: (transaction) => void (told = changesOf(transaction)) })
      found.push({ changes: told, whole: room.isEmpty && !told.some(({ root }) => root === 'untold') })
    }
  } catch (cause) {
    throw new RejoinError('undecodable', undefined, { cause })
  } finally {
    doc.destroy()
  }
  return found
}

/**
 * What a transaction has done so far, read before its end, when Yjs drops the content of what it deleted.
 * Takes time in proportion to what it did, and gives the same for the same effect however items lie in memory.
 */
export function changesOf(transaction: Y.Transaction): readonly Change[] {
  const fresh = freshItems(transaction)
  const gone = goneItems(transaction)
  const of = (name: string, items: readonly Y.Item[]): readonly Y.Item[] => {
    const root = transaction.doc.share.get(name)
    return items.filter((item) => item.parent === root && item.parentSub === null)
  }
  // What nobody could see before is no neighbour to name: a list of changes is to stand alone where it can.
  const seen = new Set(gone)
  const unseen = (item: Y.Item): boolean =>
    isNew(transaction, item) || !item.countable || (item.deleted && !seen.has(item))
  const rowChanges = <Root extends 'text' | 'list', Content extends { readonly length: number }>(
    row: Sequence<Root, Content>,
  ): readonly (Inserted<Root, Content> | Deleted<Root, Content>)[] => [
    ...insertedRuns(row, of(rootNames[row.root], fresh), unseen),
    ...deletedRuns(row, of(rootNames[row.root], gone)),
  ]
  return [
    ...registerChanges(of(rootNames.registers, fresh), of(rootNames.registers, gone)),
    ...rowChanges(textSequence),
    ...rowChanges(listSequence),
    ...(isTold(transaction, fresh, gone) ? [] : [{ root: 'untold' as const }]),
  ]
}

/** Marks that were put on or taken off, and whatever lies below a root, have no form here. */
function isTold(transaction: Y.Transaction, fresh: readonly Y.Item[], gone: readonly Y.Item[]): boolean {
  const { share } = transaction.doc
  const rows = [rootNames.registers, rootNames.text, rootNames.list].map((name) => share.get(name))
  const isBelow = ({ parent, parentSub }: Y.Item): boolean =>
    parentSub !== null || !rows.some((root) => root !== undefined && root === parent)
  if (fresh.some((item) => item.content instanceof Y.ContentFormat || isBelow(item)) || gone.some(isBelow)) return false
  return !isUnmarked(share.get(rootNames.text), gone, (item) => isNew(transaction, item))
}

const isNew = ({ beforeState }: Y.Transaction, { id }: Y.Item): boolean => id.clock >= (beforeState.get(id.client) ?? 0)

/** What is new and still there, by client and clock. */
function freshItems({ doc, beforeState }: Y.Transaction): readonly Y.Item[] {
  const items: Y.Item[] = []
  for (const [client, structs] of [...doc.store.clients].sort(byClient)) {
    const from = beforeState.get(client) ?? 0
    if (from >= Y.getState(doc.store, client)) continue
    for (let i = Y.findIndexSS(structs, from); i < structs.length; i++) {
      const struct = structs[i]
      if (struct instanceof Y.Item && !struct.deleted) items.push(struct)
    }
  }
  return items
}

/** What was there and is deleted now, by client and clock. */
function goneItems({ doc, beforeState, deleteSet }: Y.Transaction): readonly Y.Item[] {
  const items: Y.Item[] = []
  for (const [client, ranges] of [...Y.mergeDeleteSets([deleteSet]).clients].sort(byClient)) {
    const structs = doc.store.clients.get(client) ?? []
    const state = beforeState.get(client) ?? 0
    for (const { clock, len } of ranges) {
      const end = Math.min(clock + len, state)
      if (clock >= end) continue
      for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
        const struct = structs[i]
        if (struct === undefined || struct.id.clock >= end) break
        if (struct instanceof Y.Item) items.push(struct)
      }
    }
  }
  return items
}

function registerChanges(fresh: readonly Y.Item[], gone: readonly Y.Item[]): readonly Change[] {
  const keys = new Map<string, { readonly wrote: Survivor[]; readonly removed: Survivor[] }>()
  const collect = (items: readonly Y.Item[], what: 'wrote' | 'removed'): void => {
    for (const item of items) {
      for (const { key, client, clock, stamp, value } of readEntries(item)) {
        const known = keys.get(key) ?? { wrote: [], removed: [] }
        known[what].push({ client, clock, stamp, value })
        keys.set(key, known)
      }
    }
  }
  collect(fresh, 'wrote')
  collect(gone, 'removed')
  return [...keys].sort(byKey).flatMap(([key, { wrote, removed }]): Change[] => {
    removed.sort(byStampThenId)
    if (wrote.length === 0) return [{ root: 'registers', key, removed }]
    return wrote.map((each, i) => ({ root: 'registers', key, wrote: each, removed: i === 0 ? removed : [] }))
  })
}

function insertedRuns<Root extends 'text' | 'list', Content extends { readonly length: number }>(
  sequence: Sequence<Root, Content>,
  items: readonly Y.Item[],
  unseen: (item: Y.Item) => boolean,
): readonly Inserted<Root, Content>[] {
  // Formats of text would be told here: they are items that hold no text.
  const told = new Set(items.filter((item) => sequence.read(item).length > 0))
  const chains = chainsOf(
    told,
    (item) => told.has(item),
    (item) => !told.has(item) && unseen(item),
  )
  return chains.flatMap((chain) => {
    let after: WriteId | null = chain.before && plainId(chain.before.lastId)
    return runsOf(sequence, chain).map(({ id, content }) => {
      const follows = after
      after = { client: id.client, clock: id.clock + content.length - 1 }
      return { root: sequence.root, insert: content, id, after: follows }
    })
  })
}

function deletedRuns<Root extends 'text' | 'list', Content extends { readonly length: number }>(
  sequence: Sequence<Root, Content>,
  items: readonly Y.Item[],
): readonly Deleted<Root, Content>[] {
  const told = new Set(items)
  const chains = chainsOf(
    told,
    (item) => told.has(item),
    () => false,
  )
  return chains.flatMap((chain) =>
    runsOf(sequence, chain).map(({ id, content }) => ({ root: sequence.root, delete: content, id })),
  )
}

/** What a chain holds, joined where ids count on. */
function runsOf<Root extends 'text' | 'list', Content extends { readonly length: number }>(
  sequence: Sequence<Root, Content>,
  { items }: Chain<Y.Item>,
): readonly { readonly id: WriteId; readonly content: Content }[] {
  const runs: { readonly id: WriteId; readonly contents: Content[] }[] = []
  let next: WriteId | undefined
  for (const item of items) {
    const { client } = item.id
    for (const { clock, content } of sequence.read(item)) {
      if (next?.client === client && next.clock === clock) runs.at(-1)?.contents.push(content)
      else runs.push({ id: { client, clock }, contents: [content] })
      next = { client, clock: clock + content.length }
    }
  }
  return runs.map(({ id, contents }) => ({ id, content: sequence.join(contents) }))
}

const plainId = ({ client, clock }: Y.ID): WriteId => ({ client, clock })
const byClient = (a: readonly [number, unknown], b: readonly [number, unknown]): number => a[0] - b[0]
const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1)
