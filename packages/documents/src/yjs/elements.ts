import { isLowSurrogate } from '@rejoin/schema'
import * as Y from 'yjs'
import type { WriteId } from '../engine.ts'

/** Whether a document has ever seen an element. */
export const isKnown = ({ store }: Y.Doc, { client, clock }: WriteId): boolean =>
  clock >= 0 && clock < Y.getState(store, client)

/** Whether it has ever seen it in this root. */
export function isKnownIn(doc: Y.Doc, root: Y.Text | Y.Array<unknown>, id: WriteId): boolean {
  return isKnown(doc, id) && isOf(root, Y.getItem(doc.store, Y.createID(id.client, id.clock)))
}

/** The elements of one root by their ids, the deleted ones too; for use inside a transaction of this document. */
export class Elements {
  readonly #transaction: Y.Transaction
  readonly #root: Y.Text | Y.Array<unknown>

  constructor(transaction: Y.Transaction, root: Y.Text | Y.Array<unknown>) {
    this.#transaction = transaction
    this.#root = root
  }

  /** The items of exactly these elements, as far as they are known. The halves of a surrogate pair stay together. */
  items(id: WriteId, length: number): readonly Y.Item[] {
    const { doc } = this.#transaction
    const { client, clock } = id
    const end = clock + length
    const items: Y.Item[] = []
    const structs = isKnown(doc, id) ? (doc.store.clients.get(client) ?? []) : []
    if (structs.length === 0) return items
    for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
      const struct = structs[i]
      if (struct === undefined || struct.id.clock >= end) break
      if (!isOf(this.#root, struct)) continue
      const from = outsidePair(struct, Math.max(0, clock - struct.id.clock), 1)
      const to = outsidePair(struct, Math.min(struct.length, end - struct.id.clock), -1)
      if (from >= to) continue
      const first = struct.id.clock + from
      const item = Y.getItemCleanStart(this.#transaction, Y.createID(client, first))
      if (from > 0) i++
      if (item.length > to - from) this.#endAt(Y.createID(client, first + to - from - 1))
      items.push(item)
    }
    return items
  }

  /** Makes new elements directly behind one that is known, or at the start. */
  insertBehind(after: WriteId | null, content: Y.ContentString | Y.ContentAny): WriteId {
    const { clientID, store } = this.#transaction.doc
    const left = after && this.#endingAt(after)
    const right = left === null ? this.#root._start : left.right
    const id = Y.createID(clientID, Y.getState(store, clientID))
    const item = new Y.Item(id, left, left && left.lastId, right, right && right.id, this.#root, null, content)
    item.integrate(this.#transaction, 0)
    this.#forgetPlaces()
    return { client: id.client, clock: id.clock }
  }

  delete(id: WriteId, length: number): void {
    for (const item of this.items(id, length)) item.delete(this.#transaction)
    this.#forgetPlaces()
  }

  #endingAt({ client, clock }: WriteId): Y.Item {
    const item = Y.getItem(this.#transaction.doc.store, Y.createID(client, clock))
    const end = outsidePair(item, clock + 1 - item.id.clock, 1)
    return this.#endAt(Y.createID(client, item.id.clock + end - 1))
  }

  #endAt(id: Y.ID): Y.Item {
    return Y.getItemCleanEnd(this.#transaction, this.#transaction.doc.store, id)
  }

  /** Yjs keeps the indexes of some items, and corrects them only where it inserts and deletes by index itself. */
  #forgetPlaces(): void {
    if (this.#root._searchMarker !== null) this.#root._searchMarker.length = 0
  }
}

const isOf = (root: Y.Text | Y.Array<unknown>, struct: Y.Item | Y.GC): struct is Y.Item =>
  struct instanceof Y.Item && struct.parent === root && struct.parentSub === null

/** Yjs replaces both halves of a pair that it has to split, so we split beside it. */
function outsidePair({ content, length }: Y.Item, offset: number, step: 1 | -1): number {
  if (offset === 0 || offset === length || !(content instanceof Y.ContentString)) return offset
  return isLowSurrogate(content.str.charCodeAt(offset)) ? offset + step : offset
}
