import { isLowSurrogate } from '@rejoin/schema'
import { wellFormed } from '../content/json.ts'
import { cutRuns, cutText, storedMarks } from '../content/marks.ts'
import { checkRange, refuseInsidePair } from '../content/range.ts'
import type { MarkedRun, Marks, RichTextRoot } from '../engine.ts'
import { lengthOf, textOf, textPlace } from './parts.ts'
import type { Reader } from './reader.ts'
import { deleteFrom, formatIn, insertInto } from './runs.ts'

/** Written anew as a whole by every change of it. */
export class LastText implements RichTextRoot {
  readonly #of: Reader

  constructor(of: Reader) {
    this.#of = of
  }

  get length(): number {
    return lengthOf(this.#runs())
  }

  insert(index: number, text: string, marks?: Marks): void {
    const draft = this.#of.open()
    this.#check(index, 0)
    const stored = marks && storedMarks(marks)
    if (text !== '') draft.put({ root: 'text', runs: insertInto(this.#runs(), index, wellFormed(text), stored) })
  }

  delete(index: number, count: number): void {
    const draft = this.#of.open()
    this.#check(index, count)
    if (count > 0) draft.put({ root: 'text', runs: deleteFrom(this.#runs(), index, count) })
  }

  format(index: number, count: number, marks: Marks): void {
    const draft = this.#of.open()
    this.#check(index, count)
    const stored = storedMarks(marks)
    if (count > 0) draft.put({ root: 'text', runs: formatIn(this.#runs(), index, count, stored) })
  }

  read(max: number = Infinity): string {
    return cutText(textOf(this.#runs()), max)
  }

  runs(max: number = Infinity): readonly MarkedRun[] {
    return cutRuns(this.#runs(), max)
  }

  #runs(): readonly MarkedRun[] {
    const part = this.#of.at(textPlace)
    return part?.root === 'text' ? part.runs : []
  }

  #check(index: number, count: number): void {
    const text = textOf(this.#runs())
    checkRange(index, count, text.length)
    for (const at of [index, index + count]) if (isLowSurrogate(text.charCodeAt(at))) refuseInsidePair(at)
  }
}
