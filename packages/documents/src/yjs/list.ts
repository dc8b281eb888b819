import { RejoinError } from '@rejoin/base'
import type * as Y from 'yjs'
import type { Json, ListRoot } from '../engine.ts'
import { freezeJson, storedJson } from './json.ts'

export class YjsList implements ListRoot {
  readonly #list: Y.Array<unknown>
  readonly #open: () => Y.Transaction

  constructor(doc: Y.Doc, name: string, open: () => Y.Transaction) {
    this.#list = doc.getArray(name)
    this.#open = open
  }

  get length(): number {
    return this.#list.length
  }

  insert(index: number, values: readonly Json[]): void {
    this.#open()
    checkRange(index, 0, this.length)
    if (values.length > 0) this.#list.insert(index, values.map(storedJson))
  }

  delete(index: number, count: number): void {
    this.#open()
    checkRange(index, count, this.length)
    this.#list.delete(index, count)
  }

  read(max: number = Infinity): readonly Json[] {
    const values: Json[] = []
    for (let item = this.#list._start; item !== null && values.length < max; item = item.right) {
      if (item.deleted || !item.countable) continue
      for (const value of item.content.getContent()) {
        if (values.length === max) break
        values.push(freezeJson(value) ? value : null)
      }
    }
    return values
  }
}

/** Throws `bad-value` unless `count` elements from `index` lie inside `length`. */
export function checkRange(index: number, count: number, length: number): void {
  if (Number.isInteger(index) && Number.isInteger(count) && index >= 0 && count >= 0 && index + count <= length) return
  const what = count === 0 ? `Index ${index} is` : `${count} from index ${index} are`
  throw new RejoinError('bad-value', `${what} outside a length of ${length}.`)
}
