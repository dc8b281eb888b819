import type { MarkedRun, Marks } from '@rejoin/schema'
import type { DraftContent } from './registers.ts'
import type { RichTextRoot } from '../engine.ts'
import { concatRuns, joinRuns, mergeMarks, splitRuns, textOfRuns } from './marked-runs.ts'
import { byteLength, jsonBytes, operationBytes } from './weight.ts'

type Operation =
  | { readonly kind: 'insert'; readonly index: number; readonly text: string; readonly marks: Marks | undefined }
  | { readonly kind: 'delete'; readonly index: number; readonly count: number }
  | { readonly kind: 'format'; readonly index: number; readonly count: number; readonly marks: Marks }

/** A rich text as an edit sees it: its own operations so far over what is stored. Indexes are valid here. */
export class DraftRichText implements DraftContent {
  readonly #root: RichTextRoot
  #waiting: Operation[] = []
  #growth = 0
  /** The content with what waits, once it was read inside the edit. */
  #current: readonly MarkedRun[] | undefined

  constructor(root: RichTextRoot) {
    this.#root = root
  }

  get dirty(): boolean {
    return this.#waiting.length > 0
  }

  get grows(): boolean {
    return this.#waiting.some(({ kind }) => kind !== 'delete')
  }

  get weight(): number {
    let bytes = 0
    for (const each of this.#waiting) {
      bytes += operationBytes
      if (each.kind === 'insert') bytes += byteLength(each.text)
      if (each.kind !== 'delete' && each.marks !== undefined) bytes += 2 * jsonBytes(each.marks)
    }
    return bytes
  }

  get length(): number {
    return this.#root.length + this.#growth
  }

  insert(index: number, text: string, marks?: Marks): void {
    this.#wait({ kind: 'insert', index, text, marks }, text.length)
  }

  delete(index: number, count: number): void {
    if (count > 0) this.#wait({ kind: 'delete', index, count }, -count)
  }

  format(index: number, count: number, marks: Marks): void {
    if (count > 0) this.#wait({ kind: 'format', index, count, marks }, 0)
  }

  read(): string {
    return this.#waiting.length === 0 ? this.#root.read() : textOfRuns(this.runs())
  }

  /** The runs, or at least those of the first `max` units. */
  runs(max?: number): readonly MarkedRun[] {
    if (this.#waiting.length === 0) return this.#root.runs(max)
    this.#current ??= this.#waiting.reduce(operate, this.#root.runs())
    return this.#current
  }

  flush(): void {
    for (const each of this.#waiting) {
      if (each.kind === 'insert') this.#root.insert(each.index, each.text, each.marks)
      else if (each.kind === 'delete') this.#root.delete(each.index, each.count)
      else this.#root.format(each.index, each.count, each.marks)
    }
    this.discard()
  }

  discard(): void {
    this.#waiting = []
    this.#growth = 0
    this.#current = undefined
  }

  refresh(): void {
    this.#current = undefined
  }

  #wait(operation: Operation, growth: number): void {
    this.#waiting.push(operation)
    this.#growth += growth
    if (this.#current !== undefined) this.#current = operate(this.#current, operation)
  }
}

function operate(runs: readonly MarkedRun[], operation: Operation): readonly MarkedRun[] {
  const [before, rest] = splitRuns(runs, operation.index)
  if (operation.kind === 'insert') {
    const marks = operation.marks ?? before.at(-1)?.marks ?? {}
    return concatRuns([before, [{ text: operation.text, marks: mergeMarks({}, marks) }], rest])
  }
  const [touched, behind] = splitRuns(rest, operation.count)
  if (operation.kind === 'delete') return concatRuns([before, behind])
  const formatted = touched.map(({ text, marks }) => ({ text, marks: mergeMarks(marks, operation.marks) }))
  return concatRuns([before, joinRuns(formatted), behind])
}
