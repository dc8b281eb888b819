import type * as Y from 'yjs'
import type { Json, ListRoot } from '../engine.ts'
import { freezeJson, storedJson } from '../content/json.ts'
import { checkRange } from '../content/range.ts'

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
