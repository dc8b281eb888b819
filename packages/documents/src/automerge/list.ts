import type { Json, ListRoot } from '../engine.ts'
import { freezeJson, storedJson } from '../content/json.ts'
import { checkRange } from '../content/range.ts'
import { parseJson } from './entries.ts'
import { refuseTooMany } from './columns.ts'
import { genesis } from './genesis.ts'
import type { State } from './state.ts'

/** A list of Automerge whose elements are JSON as text. */
export class AutomergeList implements ListRoot {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  get length(): number {
    return this.#state.read('list', 0, (raw, object) => raw.length(object))
  }

  insert(index: number, values: readonly Json[]): void {
    const { handle } = this.#state.open('list')
    checkRange(index, 0, this.length)
    const texts = values.map(valueText)
    if (texts.length > 0) handle.call((raw) => raw.splice(genesis.list.object, index, 0, texts))
  }

  delete(index: number, count: number): void {
    refuseTooMany(count)
    const { handle } = this.#state.open('list')
    checkRange(index, count, this.length)
    if (count > 0) handle.call((raw) => raw.splice(genesis.list.object, index, count))
  }

  read(max: number = Infinity): readonly Json[] {
    const end = Math.min(max, this.length)
    const stored = this.#state.read('list', [], (raw, object) =>
      Array.from({ length: end }, (_, i) => raw.get(object, i)),
    )
    return stored.map(readValue)
  }
}

export const valueText = (value: Json): string => JSON.stringify(storedJson(value))

/** What is not JSON, which only foreign software can have written, reads as null. */
function readValue(stored: unknown): Json {
  const value = parseJson(stored)
  return freezeJson(value) ? value : null
}
