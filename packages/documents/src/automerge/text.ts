import { RejoinError } from '@rejoin/base'
import { isLowSurrogate } from '@rejoin/schema'
import type { MarkedRun, Marks, RichTextRoot } from '../engine.ts'
import { wellFormed } from '../yjs/json.ts'
import { checkRange } from '../yjs/list.ts'
import { genesis } from './genesis.ts'
import type { State } from './state.ts'

const { object } = genesis.text

/** A text of Automerge, whose indexes are UTF-16 code units as ours are. */
export class AutomergeText implements RichTextRoot {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  get length(): number {
    return this.#state.read('text', 0, (raw) => raw.length(object))
  }

  insert(index: number, text: string, _marks?: Marks): void {
    const { handle } = this.#state.open('text')
    checkRange(index, 0, this.length)
    this.#refuseInsidePair(index)
    if (text !== '') handle.call((raw) => raw.splice(object, index, 0, wellFormed(text)))
  }

  delete(index: number, count: number): void {
    const { handle } = this.#state.open('text')
    checkRange(index, count, this.length)
    this.#refuseInsidePair(index)
    this.#refuseInsidePair(index + count)
    if (count > 0) handle.call((raw) => raw.splice(object, index, count))
  }

  format(index: number, count: number, _marks: Marks): void {
    this.#state.open('text')
    checkRange(index, count, this.length)
  }

  read(max: number = Infinity): string {
    return cutText(
      this.#state.read('text', '', (raw) => raw.text(object)),
      max,
    )
  }

  runs(max?: number): readonly MarkedRun[] {
    const text = this.read(max)
    return text === '' ? [] : [{ text, marks: {} }]
  }

  /** An element of two units or more is found at each of them. */
  #refuseInsidePair(index: number): void {
    if (index === 0) return
    const inside = this.#state.read('text', false, (raw) => {
      const found = raw.get(object, index)
      if (typeof found !== 'string' || found.length < 2) return false
      return idAt(raw.getAll(object, index)) === idAt(raw.getAll(object, index - 1))
    })
    if (inside) throw new RejoinError('bad-value', `Index ${index} lies between the two halves of a surrogate pair.`)
  }
}

const idAt = (values: readonly (readonly unknown[])[]): unknown => values.at(-1)?.at(-1)

/** The first `max` units, or one less where that would split a pair. */
function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  return text.slice(0, isLowSurrogate(text.charCodeAt(max)) ? max - 1 : max)
}
