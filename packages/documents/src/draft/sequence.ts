import { isLowSurrogate } from '@rejoin/schema'
import type { DraftContent } from './registers.ts'
import type { Json, ListRoot, TextRoot } from '../engine.ts'
import { byteLength, jsonBytes, operationBytes } from './weight.ts'

/** An insertion or a deletion that waits for the end of the edit. */
type Splice<Run> = { readonly index: number; readonly run: Run } | { readonly index: number; readonly count: number }

/** What a text and a list have in common; `Run` is a string or an array. */
interface SequenceRoot<Run> {
  readonly length: number
  insert(index: number, run: Run): void
  delete(index: number, count: number): void
  read(max?: number): Run
}

/** A text or list as an edit sees it: its own splices so far over what is stored. Indexes are valid here. */
class DraftSequence<Run extends { readonly length: number }> implements DraftContent {
  readonly #root: SequenceRoot<Run>
  readonly #splice: (run: Run, splice: Splice<Run>) => Run
  readonly #weigh: (run: Run) => number
  #waiting: Splice<Run>[] = []
  #growth = 0
  /** The content with what waits, once it was read inside the edit. */
  #current: Run | undefined
  #version = 0

  constructor(root: SequenceRoot<Run>, weigh: (run: Run) => number, splice: (run: Run, splice: Splice<Run>) => Run) {
    this.#root = root
    this.#weigh = weigh
    this.#splice = splice
  }

  get dirty(): boolean {
    return this.#waiting.length > 0
  }

  get grows(): boolean {
    return this.#waiting.some((splice) => 'run' in splice)
  }

  get weight(): number {
    let bytes = 0
    for (const splice of this.#waiting) bytes += operationBytes + ('run' in splice ? this.#weigh(splice.run) : 0)
    return bytes
  }

  get length(): number {
    return this.#root.length + this.#growth
  }

  /** Another number whenever the content is another. */
  get version(): number {
    return this.#version
  }

  insert(index: number, run: Run): void {
    if (run.length > 0) this.#wait({ index, run }, run.length)
  }

  delete(index: number, count: number): void {
    if (count > 0) this.#wait({ index, count }, -count)
  }

  /** The content, or at least its first `max` members. */
  read(max?: number): Run {
    if (this.#waiting.length === 0) return this.#root.read(max)
    this.#current ??= this.#waiting.reduce(this.#splice, this.#root.read())
    return this.#current
  }

  flush(): void {
    for (const splice of this.#waiting) {
      if ('run' in splice) this.#root.insert(splice.index, splice.run)
      else this.#root.delete(splice.index, splice.count)
    }
    this.#clear()
  }

  discard(): void {
    this.#clear()
    this.#version++
  }

  refresh(): void {
    this.#version++
  }

  #wait(splice: Splice<Run>, growth: number): void {
    this.#waiting.push(splice)
    this.#growth += growth
    this.#version++
    if (this.#current !== undefined) this.#current = this.#splice(this.#current, splice)
  }

  #clear(): void {
    this.#waiting = []
    this.#growth = 0
    this.#current = undefined
  }
}

export class DraftText extends DraftSequence<string> {
  /** Where the last waiting splice began and ended: between whole characters. */
  #edges: readonly number[] = []

  constructor(root: TextRoot) {
    super(root, byteLength, (text, splice) => {
      const [inserted, removed] = 'run' in splice ? [splice.run, 0] : ['', splice.count]
      return text.slice(0, splice.index) + inserted + text.slice(splice.index + removed)
    })
  }

  override insert(index: number, run: string): void {
    super.insert(index, run)
    this.#edges = [index, index + run.length]
  }

  override delete(index: number, count: number): void {
    super.delete(index, count)
    this.#edges = [index]
  }

  /** Whether the index lies between the halves of a surrogate pair. Builds the text, unless the answer is known. */
  insidePair(index: number): boolean {
    if (this.dirty && this.#edges.includes(index)) return false
    return isLowSurrogate(this.read().charCodeAt(index))
  }
}

export class DraftList extends DraftSequence<readonly Json[]> {
  constructor(root: ListRoot) {
    super(root, jsonBytes, (list, splice) =>
      'run' in splice
        ? [...list.slice(0, splice.index), ...splice.run, ...list.slice(splice.index)]
        : list.toSpliced(splice.index, splice.count),
    )
  }
}
