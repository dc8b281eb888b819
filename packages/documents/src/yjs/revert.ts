import type { Stamp } from '@rejoin/base'
import type * as Y from 'yjs'
import type { Change, Heir, RegisterChange, WriteId } from '../engine.ts'
import { chainsOf } from '../history/chains.ts'
import { Heirs } from '../history/heirs.ts'
import { nameOf, netOf } from '../history/net.ts'
import { Elements } from './elements.ts'
import { byStampThenId } from './entries.ts'
import type { YjsRegisters } from './registers.ts'
import { listSequence, textSequence } from './sequence.ts'
import type { Sequence } from './sequence.ts'

/** Takes back what changes did together, as far as nobody has changed it since. */
export function revert(
  transaction: Y.Transaction,
  registers: YjsRegisters,
  changes: readonly Change[],
  nextStamp: () => Stamp,
): readonly Heir[] {
  const ofRegisters = changes.filter((change) => change.root === 'registers')
  const ofText = changes.filter((change) => change.root === 'text')
  const ofList = changes.filter((change) => change.root === 'list')
  return [
    ...(ofRegisters.length > 0 ? revertRegisters(registers, ofRegisters, nextStamp) : []),
    ...(ofText.length > 0 ? revertRow(transaction, textSequence, ofText) : []),
    ...(ofList.length > 0 ? revertRow(transaction, listSequence, ofList) : []),
  ]
}

function revertRegisters(
  registers: YjsRegisters,
  changes: readonly RegisterChange[],
  nextStamp: () => Stamp,
): readonly Heir[] {
  const heirs: Heir[] = []
  let stamp: Stamp | undefined
  for (const [key, { wrote, removed }] of netOf(changes)) {
    const standing = registers.survivors(key).filter((each) => wrote.has(nameOf(each)))
    // Others have replaced or removed it: theirs stays.
    if (wrote.size > 0 && standing.length === 0) continue
    registers.remove(key, standing)
    if (removed.size === 0 || registers.survivors(key).length > 0) continue
    stamp ??= nextStamp()
    for (const { client, clock, value } of [...removed.values()].sort(byStampThenId))
      heirs.push({ of: { client, clock }, id: registers.append(key, stamp, value), length: 1 })
  }
  return heirs
}

interface RowChange<Content> {
  readonly id: WriteId
  readonly insert?: Content
  readonly delete?: Content
}

/** Deletes what was inserted, and puts what was deleted directly behind where it stands deleted. */
function revertRow<Content extends { readonly length: number }>(
  transaction: Y.Transaction,
  sequence: Sequence<'text' | 'list', Content>,
  changes: readonly RowChange<Content>[],
): readonly Heir[] {
  const elements = new Elements(transaction, sequence.typeOf(transaction.doc))
  const made: Heir[] = []
  for (const { id, insert } of changes) if (insert !== undefined) made.push({ of: id, id, length: insert.length })
  const own = new Heirs(made)
  const deleted = new Map<Y.Item, Content>()
  for (const { id, delete: content } of changes) {
    if (content === undefined) continue
    for (const piece of own.pieces(id, content.length)) {
      // What the list made itself and deleted again stays away.
      if (piece.again) continue
      for (const item of elements.items(piece.id, piece.length)) {
        const from = item.id.clock - id.clock
        if (item.deleted) deleted.set(item, sequence.slice(content, from, from + item.length))
      }
    }
  }
  for (const { id, length } of made) elements.delete(id, length)
  return restore(elements, sequence, deleted)
}

function restore<Content extends { readonly length: number }>(
  elements: Elements,
  sequence: Sequence<'text' | 'list', Content>,
  deleted: ReadonlyMap<Y.Item, Content>,
): readonly Heir[] {
  const heirs: Heir[] = []
  const chains = chainsOf(
    deleted.keys(),
    (item) => deleted.has(item),
    () => false,
  )
  for (const { items } of chains) {
    const last = items.at(-1)
    if (last === undefined) continue
    const contents: Content[] = []
    for (const item of items) {
      const content = deleted.get(item)
      if (content !== undefined) contents.push(content)
    }
    const { client, clock } = elements.insertBehind(last.lastId, sequence.store(sequence.join(contents)))
    let at = clock
    for (const { id, length } of items) {
      heirs.push({ of: { client: id.client, clock: id.clock }, id: { client, clock: at }, length })
      at += length
    }
  }
  return heirs
}
