import type { Stamp } from '@rejoin/base'
import type { Change, Heir, RegisterChange, WriteId } from '../engine.ts'
import { chainsOf } from '../history/chains.ts'
import { nameOf, netOf } from '../history/net.ts'
import type { Batch } from './batch.ts'
import { byStampThenId, entryText } from './entries.ts'
import type { RowRoot } from './operations.ts'
import type { AutomergeRegisters } from './registers.ts'
import type { Element, Row } from './row.ts'
import { listSequence, textSequence } from './sequence.ts'
import type { Sequence } from './sequence.ts'
import type { State } from './state.ts'

/** Takes back what changes did together, as far as nobody has changed it since; in the open transaction. */
export function revert(
  state: State,
  registers: AutomergeRegisters,
  changes: readonly Change[],
  nextStamp: () => Stamp,
): readonly Heir[] {
  const batch = state.batch()
  const ofRegisters = changes.filter((change) => change.root === 'registers')
  const ofText = changes.filter((change) => change.root === 'text')
  const ofList = changes.filter((change) => change.root === 'list')
  const heirs = [
    ...(ofRegisters.length > 0 ? revertRegisters(batch, registers, ofRegisters, nextStamp) : []),
    ...(ofText.length > 0 ? revertRow(batch, textSequence, state.past().text, ofText) : []),
    ...(ofList.length > 0 ? revertRow(batch, listSequence, state.past().list, ofList) : []),
  ]
  state.write(batch, registers)
  return heirs
}

function revertRegisters(
  batch: Batch,
  registers: AutomergeRegisters,
  changes: readonly RegisterChange[],
  nextStamp: () => Stamp,
): readonly Heir[] {
  const heirs: Heir[] = []
  let stamp: Stamp | undefined
  for (const [key, { wrote, removed }] of netOf(changes)) {
    const survivors = registers.survivors(key)
    const standing = survivors.filter((each) => wrote.has(nameOf(each)))
    // Others have replaced or removed it: theirs stays.
    if (wrote.size > 0 && standing.length === 0) continue
    if (removed.size === 0 || survivors.length > standing.length) {
      batch.erase(key, standing)
      continue
    }
    stamp ??= nextStamp()
    for (const [i, { client, clock, value }] of [...removed.values()].sort(byStampThenId).entries()) {
      const id = batch.write(key, entryText(stamp, value), i === 0 ? standing : [])
      heirs.push({ of: { client, clock }, id, length: 1 })
    }
  }
  return heirs
}

interface RowChange<Content> {
  readonly id: WriteId
  readonly insert?: Content
  readonly delete?: Content
}

/** Deletes what was inserted, and puts what was deleted directly behind where it stands deleted. */
function revertRow<Content>(
  batch: Batch,
  sequence: Sequence<RowRoot, Content>,
  row: Row,
  changes: readonly RowChange<Content>[],
): readonly Heir[] {
  const made = new Map<string, WriteId>()
  for (const { id, insert } of changes)
    if (insert !== undefined) for (const [each] of elementsOf(sequence, id, insert)) made.set(nameOf(each), each)
  const deleted = new Map<Element, string>()
  for (const { id, delete: content } of changes) {
    if (content === undefined) continue
    for (const [each, value] of elementsOf(sequence, id, content)) {
      const element = row.get(each)
      // What the list made itself and deleted again stays away.
      if (element?.deletedBy !== undefined && !made.has(nameOf(each))) deleted.set(element, value)
    }
  }
  for (const each of made.values()) if (row.stands(each)) batch.delete(sequence.root, each)
  return restore(batch, sequence.root, deleted)
}

function elementsOf<Content>(
  sequence: Sequence<RowRoot, Content>,
  { client, clock }: WriteId,
  content: Content,
): readonly (readonly [WriteId, string])[] {
  return sequence.store(content).map((value, i) => [{ client, clock: clock + i }, value])
}

function restore(batch: Batch, root: RowRoot, deleted: ReadonlyMap<Element, string>): readonly Heir[] {
  const heirs: { of: WriteId; id: WriteId; length: number }[] = []
  const chains = chainsOf(
    deleted.keys(),
    (element) => deleted.has(element),
    () => false,
  )
  for (const { items } of chains) {
    let behind: WriteId | null = items.at(-1) ?? null
    for (const element of items) {
      const id = batch.insert(root, behind, deleted.get(element) ?? '')
      behind = id
      const last = heirs.at(-1)
      if (last !== undefined && follows(last.of, last.length, element) && follows(last.id, last.length, id))
        last.length++
      else heirs.push({ of: { client: element.client, clock: element.clock }, id, length: 1 })
    }
  }
  return heirs
}

const follows = ({ client, clock }: WriteId, length: number, id: WriteId): boolean =>
  id.client === client && id.clock === clock + length
