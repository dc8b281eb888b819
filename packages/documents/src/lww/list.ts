import { storedJson } from '../content/json.ts'
import { checkRange } from '../content/range.ts'
import type { Json, ListRoot } from '../engine.ts'
import { listPlace } from './parts.ts'
import type { Reader } from './reader.ts'

/** Written anew as a whole by every change of it. */
export class LastList implements ListRoot {
  readonly #of: Reader

  constructor(of: Reader) {
    this.#of = of
  }

  get length(): number {
    return this.#values().length
  }

  insert(index: number, values: readonly Json[]): void {
    this.#splice(index, 0, values)
  }

  delete(index: number, count: number): void {
    this.#splice(index, count, [])
  }

  read(max: number = Infinity): readonly Json[] {
    return this.#values().slice(0, max)
  }

  #splice(index: number, count: number, more: readonly Json[]): void {
    const draft = this.#of.open()
    checkRange(index, count, this.length)
    if (count === 0 && more.length === 0) return
    draft.put({ root: 'list', values: this.#values().toSpliced(index, count, ...more.map(storedJson)) })
  }

  #values(): readonly Json[] {
    const part = this.#of.at(listPlace)
    return part?.root === 'list' ? part.values : []
  }
}
