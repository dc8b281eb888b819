import * as Y from 'yjs'
import type { Change, Heir, WriteId } from '../engine.ts'
import { Heirs } from '../history/heirs.ts'
import { Elements, isKnown, isKnownIn } from './elements.ts'
import { storedJson } from '../content/json.ts'
import type { YjsRegisters } from './registers.ts'
import { listSequence, textSequence } from './sequence.ts'

/** Makes changes again. Undefined, and nothing is changed, if they do not stand alone. */
export function redo(
  transaction: Y.Transaction,
  registers: YjsRegisters,
  changes: readonly Change[],
): readonly Heir[] | undefined {
  const { doc } = transaction
  const plan = planRedo(doc, changes)
  if (plan === undefined) return undefined
  const elements = {
    text: new Elements(transaction, textSequence.typeOf(doc)),
    list: new Elements(transaction, listSequence.typeOf(doc)),
  }
  const heirs = new Heirs(plan)
  for (const change of changes) {
    if (change.root === 'untold') continue
    if (change.root === 'registers') {
      registers.remove(
        change.key,
        change.removed.map((each) => heirs.nameOf(each)),
      )
      if (change.wrote !== undefined) registers.append(change.key, change.wrote.stamp, change.wrote.value)
    } else if ('delete' in change) {
      for (const { id, length } of heirs.pieces(change.id, change.delete.length))
        elements[change.root].delete(id, length)
    } else if (change.insert.length > 0) {
      const content = change.root === 'text' ? textSequence.store(change.insert) : listSequence.store(change.insert)
      elements[change.root].insertBehind(change.after && heirs.nameOf(change.after), content)
    }
  }
  return plan
}

/** The ids that all will have, found before anything is changed; undefined if something named is not there by then. */
export function planRedo(doc: Y.Doc, changes: readonly Change[]): readonly Heir[] | undefined {
  const types = { text: textSequence.typeOf(doc), list: listSequence.typeOf(doc) }
  const client = doc.clientID
  const start = Y.getState(doc.store, client)
  const plan = assign(changes, { client, clock: start })
  const heirs = new Heirs(plan)
  let clock = start
  /** Whether it is there already when the list comes to it. */
  const stands = (id: WriteId, length: number, isThere: (id: WriteId) => boolean): boolean =>
    heirs.pieces(id, length).every((piece) => {
      const last = { client: piece.id.client, clock: piece.id.clock + piece.length - 1 }
      return piece.again ? last.clock < clock : isThere(last)
    })
  const known = (id: WriteId): boolean => isKnown(doc, id)
  for (const change of changes) {
    if (change.root === 'untold') return undefined
    if (change.root === 'registers') {
      if (!change.removed.every((each) => stands(each, 1, known))) return undefined
      if (change.wrote === undefined) continue
      storedJson(change.wrote.value)
      clock++
    } else if ('delete' in change) {
      if (!stands(change.id, change.delete.length, known)) return undefined
    } else {
      const { root, after } = change
      if (after !== null && !stands(after, 1, (id) => isKnownIn(doc, types[root], id))) return undefined
      if (root === 'list') listSequence.store(change.insert)
      clock += change.insert.length
    }
  }
  return plan
}

/** Ids from `next` on for what the changes make, in their order. */
function assign(changes: readonly Change[], next: WriteId): readonly Heir[] {
  const plan: Heir[] = []
  let { clock } = next
  const push = (of: WriteId, length: number): void => {
    if (length === 0) return
    plan.push({ of: { client: of.client, clock: of.clock }, id: { client: next.client, clock }, length })
    clock += length
  }
  for (const change of changes) {
    if (change.root !== 'registers') {
      if ('insert' in change) push(change.id, change.insert.length)
    } else if (change.wrote !== undefined) push(change.wrote, 1)
  }
  return plan
}
