import type { WriteId } from '../engine.ts'
import { wellFormed } from '../content/json.ts'
import { genesis } from './genesis.ts'
import type { RootName } from './genesis.ts'
import { opIdOf } from './library.ts'
import type { PlainOp } from './library.ts'
import type { RowRoot } from './operations.ts'

/** Operations of one change that is still to be encoded; the ids they will have are known. */
export class Batch {
  readonly operations: PlainOp[] = []
  readonly roots: Set<RootName> = new Set<RootName>()
  /** The id of the first operation. */
  readonly first: WriteId

  constructor(first: WriteId) {
    this.first = first
  }

  /** Puts an entry in the place of some of those under its key. */
  write(key: string, entry: string, replaced: readonly WriteId[]): WriteId {
    return this.#add('registers', { action: 'set', key: wellFormed(key), value: entry, pred: replaced.map(opIdOf) })
  }

  erase(key: string, replaced: readonly WriteId[]): void {
    if (replaced.length > 0) this.#add('registers', { action: 'del', key: wellFormed(key), pred: replaced.map(opIdOf) })
  }

  /** Directly behind an element, which may be deleted; null is the start. */
  insert(root: RowRoot, behind: WriteId | null, value: string): WriteId {
    const elemId = behind === null ? '_head' : opIdOf(behind)
    return this.#add(root, { action: 'set', elemId, insert: true, value, pred: [] })
  }

  delete(root: RowRoot, element: WriteId): void {
    const elemId = opIdOf(element)
    this.#add(root, { action: 'del', elemId, pred: [elemId] })
  }

  #add(root: RootName, operation: Omit<PlainOp, 'obj'>): WriteId {
    const { client, clock } = this.first
    this.roots.add(root)
    this.operations.push({ ...operation, obj: genesis[root].object })
    return { client, clock: clock + this.operations.length - 1 }
  }
}
