import type { MarkedRun, Marks, RichTextRoot } from '../engine.ts'
import { wellFormed } from '../content/json.ts'
import { cutRuns, cutText } from '../content/marks.ts'
import { checkRange, refuseInsidePair } from '../content/range.ts'
import { refuseTooMany } from './columns.ts'
import { genesis } from './genesis.ts'
import { runsOf, storedMarks } from './marks.ts'
import type { StoredMarks } from './marks.ts'
import type { State } from './state.ts'

const { object } = genesis.text

/** A text of Automerge, whose indexes are UTF-16 code units as ours are. */
export class AutomergeText implements RichTextRoot {
  readonly #state: State
  /** The version of the document for which the rest is true. */
  #version = -1
  #length = 0
  /** Where the last edit ended, which is not inside a pair: the next one often begins there. */
  #end = 0

  constructor(state: State) {
    this.#state = state
  }

  get length(): number {
    this.#state.check()
    if (this.#version !== this.#state.version) {
      this.#length = this.#state.read('text', 0, (raw) => raw.length(object))
      this.#end = 0
      this.#version = this.#state.version
    }
    return this.#length
  }

  insert(index: number, text: string, marks?: Marks): void {
    const { handle } = this.#state.open('text')
    const stored = marks && storedMarks(marks)
    checkRange(index, 0, this.length)
    this.#refuseInsidePair(index)
    if (text === '') return
    const inserted = wellFormed(text)
    handle.call((raw) => raw.splice(object, index, 0, inserted))
    this.#length += inserted.length
    this.#end = index + inserted.length
    if (stored !== undefined) this.#format(index, inserted.length, this.#instead(index, stored))
  }

  delete(index: number, count: number): void {
    refuseTooMany(count)
    const { handle } = this.#state.open('text')
    this.#checkPart(index, count)
    if (count === 0) return
    handle.call((raw) => raw.splice(object, index, count))
    this.#length -= count
    this.#end = index
  }

  format(index: number, count: number, marks: Marks): void {
    this.#state.open('text')
    const stored = storedMarks(marks)
    this.#checkPart(index, count)
    this.#format(index, count, stored)
  }

  read(max: number = Infinity): string {
    const text = this.#state.read('text', '', (raw) => raw.text(object))
    return cutText(text, max)
  }

  runs(max: number = Infinity): readonly MarkedRun[] {
    return cutRuns(runsOf(this.#state.read('text', [], (raw) => raw.spans(object))), max)
  }

  /**
   * Marks reach over what is inserted at their end, and so does their absence: what is inserted without marks then has
   * those of the unit to its left.
   */
  #format(start: number, count: number, marks: StoredMarks): void {
    if (count === 0) return
    const { handle } = this.#state.open('text')
    const range = { start, end: start + count, expand: 'after' as const }
    for (const [name, value] of marks)
      handle.call((raw) =>
        value === null ? raw.unmark(object, range, name) : raw.mark(object, range, name, value, 'str'),
      )
  }

  /** What has to be put on or taken off for exactly these marks where others reach over the place. */
  #instead(index: number, marks: StoredMarks): StoredMarks {
    // Asked for the marks at one index, the library counts elements, though one may have two units.
    const all = this.#state.read('text', [], (raw) => raw.marks(object))
    const reaching = all.filter(({ start, end, value }) => start <= index && index < end && value !== null)
    const there = new Map(reaching.map(({ name, value }) => [name, value]))
    const unwanted = [...there.keys()].filter((name) => (marks.get(name) ?? null) === null)
    const lacking = [...marks].filter(([name, value]) => value !== null && there.get(name) !== value)
    return new Map([...unwanted.map((name): [string, null] => [name, null]), ...lacking])
  }

  #checkPart(index: number, count: number): void {
    checkRange(index, count, this.length)
    this.#refuseInsidePair(index)
    this.#refuseInsidePair(index + count)
  }

  /** An element of two units is found at each of them. */
  #refuseInsidePair(index: number): void {
    if (index === 0 || index === this.#length || index === this.#end) return
    const inside = this.#state.read('text', false, (raw) => {
      const found = raw.get(object, index)
      if (typeof found !== 'string' || found.length < 2) return false
      return idAt(raw.getAll(object, index)) === idAt(raw.getAll(object, index - 1))
    })
    if (inside) refuseInsidePair(index)
  }
}

const idAt = (values: readonly (readonly unknown[])[]): unknown => values.at(-1)?.at(-1)
