import { isLowSurrogate } from '@rejoin/schema'
import * as Y from 'yjs'
import type { MarkedRun, Marks, RichTextRoot } from '../engine.ts'
import { wellFormed } from '../content/json.ts'
import { cutText, storedMarks } from '../content/marks.ts'
import { checkRange, refuseInsidePair } from '../content/range.ts'
import { runsOf, textOf } from './marks.ts'

export class YjsText implements RichTextRoot {
  readonly #text: Y.Text
  readonly #open: () => Y.Transaction

  constructor(doc: Y.Doc, name: string, open: () => Y.Transaction) {
    this.#text = doc.getText(name)
    // Yjs forgets this of a root that was filled before it had its type, and then reads marks wrong as it writes.
    if (hasFormats(this.#text)) Object.assign(this.#text, { _searchMarker: null, _hasFormatting: true })
    this.#open = open
  }

  get length(): number {
    return this.#text.length
  }

  insert(index: number, text: string, marks?: Marks): void {
    this.#open()
    checkRange(index, 0, this.length)
    this.#refuseInsidePair(index)
    this.#text.insert(index, wellFormed(text), marks && storedMarks(marks))
  }

  format(index: number, count: number, marks: Marks): void {
    this.#open()
    checkRange(index, count, this.length)
    this.#refuseInsidePair(index)
    this.#refuseInsidePair(index + count)
    this.#text.format(index, count, storedMarks(marks))
  }

  runs(max?: number): readonly MarkedRun[] {
    return runsOf(this.#text, max)
  }

  delete(index: number, count: number): void {
    this.#open()
    checkRange(index, count, this.length)
    this.#refuseInsidePair(index)
    this.#refuseInsidePair(index + count)
    this.#text.delete(index, count)
  }

  read(max: number = Infinity): string {
    let text = ''
    for (let item = this.#text._start; item !== null && text.length < max; item = item.right) text += textOf(item)
    return cutText(text, max)
  }

  /** Yjs replaces both halves of a pair that it has to split. */
  #refuseInsidePair(index: number): void {
    if (isLowSurrogate(unitAt(this.#text, index))) refuseInsidePair(index)
  }
}

function hasFormats(text: Y.Text): boolean {
  for (let item = text._start; item !== null; item = item.right)
    if (item.content instanceof Y.ContentFormat) return true
  return false
}

/** The code unit at an index, found from the nearest of the markers that Yjs keeps; -1 if there is none. */
function unitAt(text: Y.Text, index: number): number {
  let item = text._start
  let start = 0
  for (const marker of text._searchMarker ?? []) {
    if (Math.abs(index - marker.index) >= Math.abs(index - start)) continue
    item = marker.p
    start = marker.index
  }
  while (item !== null && start > index) {
    item = item.left
    if (item !== null) start -= visibleLength(item)
  }
  while (item !== null && start + visibleLength(item) <= index) {
    start += visibleLength(item)
    item = item.right
  }
  return item?.content instanceof Y.ContentString ? item.content.str.charCodeAt(index - start) : -1
}

const visibleLength = (item: Y.Item): number => (item.deleted || !item.countable ? 0 : item.length)
