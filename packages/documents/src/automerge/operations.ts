import type { WriteId } from '../engine.ts'
import { genesis } from './genesis.ts'
import { actorBytes, clientOf, writeIdOf } from './library.ts'
import type { PlainChange, PlainOp } from './library.ts'

/** The roots whose elements stand in a row. */
export type RowRoot = 'text' | 'list'

/** One operation of a change, as our roots read it. */
export type Operation = Entry | Insertion | Deletion | Foreign

/** Puts a value under a key of the registers in the place of those it names, or only takes these away. */
export interface Entry {
  readonly kind: 'entry'
  readonly id: WriteId
  readonly key: string
  /** Undefined if it only takes away. */
  readonly value: unknown
  readonly replaced: readonly WriteId[]
}

export interface Insertion {
  readonly kind: 'insertion'
  readonly id: WriteId
  readonly root: RowRoot
  /** Null at the start. */
  readonly behind: WriteId | null
  /** The text of a scalar; undefined for what we never insert. */
  readonly value: string | undefined
  /** One end of a mark stands in the row, too, but nobody sees it. */
  readonly seen: boolean
}

export interface Deletion {
  readonly kind: 'deletion'
  readonly id: WriteId
  readonly root: RowRoot
  readonly element: WriteId
}

/** What has no form in JSON, perhaps in an element of ours, whose content it replaced. */
export interface Foreign {
  readonly kind: 'foreign'
  readonly id: WriteId
  readonly within?: { readonly root: RowRoot; readonly element: WriteId }
}

/** The making of a container is nobody's. */
export function operationsOf({ actor, startOp, ops }: PlainChange): readonly Operation[] {
  if (actor.length !== 2 * actorBytes) return []
  const client = clientOf(actor)
  return ops.map((op, i) => operationOf(op, { client, clock: startOp + i }))
}

function operationOf(op: PlainOp, id: WriteId): Operation {
  const { obj, key, elemId, insert, action, pred } = op
  if (obj === genesis.registers.object) {
    if (key === undefined || !(action === 'set' || action === 'del')) return { kind: 'foreign', id }
    return { kind: 'entry', id, key, value: action === 'set' ? op.value : undefined, replaced: pred.map(writeIdOf) }
  }
  const root = obj === genesis.text.object ? 'text' : obj === genesis.list.object ? 'list' : undefined
  if (root === undefined || elemId === undefined) return { kind: 'foreign', id }
  if (insert === true) {
    const value = action === 'set' && typeof op.value === 'string' ? op.value : undefined
    const behind = elemId === '_head' ? null : writeIdOf(elemId)
    return { kind: 'insertion', id, root, behind, value, seen: !action.startsWith('mark') }
  }
  const element = writeIdOf(elemId)
  return action === 'del' ? { kind: 'deletion', id, root, element } : { kind: 'foreign', id, within: { root, element } }
}
