import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { GapBuffer, outside } from '../trace/index.ts'
import type { Patch } from '../trace/index.ts'

/** What a patch does, by characters. */
export interface Stroke {
  readonly erased: readonly number[]
  /** The character it types behind, -1 at the start. */
  readonly behind: number
  /** What it types: so many, counting up from the first. */
  readonly first: number
  readonly count: number
}

/** What a position counts; texts of a sequential trace are in UTF-16 units. */
type Units = 'points' | 'utf-16'

/**
 * The text of a session as somebody sees it who knows of each transaction what its author had seen: all characters that
 * ever were in one order, in which whoever types behind a character comes right behind it, the later one first (RGA:
 * Roh et al., "Replicated abstract data types", 2011). It shares nothing with the engines that are measured by it.
 */
export class Reference {
  readonly #units: Units
  readonly #points: string[] = []
  /** By character + 1, so that the start has a place: the character + 1 that follows it, 0 at the end. */
  readonly #following: Int32Array
  /** By character + 1: when it was typed, in Lamport's time, and by whom. */
  readonly #times: Int32Array
  readonly #typists: Int32Array
  readonly #erased: Uint8Array
  readonly #readers = new Map<number, Reader>()
  #tie: number | undefined
  readonly #written: { readonly time: number; readonly strokes: readonly Stroke[] }[] = []

  constructor(typed: number, units: Units) {
    this.#units = units
    this.#following = new Int32Array(typed + 1)
    this.#times = new Int32Array(typed + 1)
    this.#typists = new Int32Array(typed + 1)
    this.#erased = new Uint8Array(typed)
  }

  /** A transaction of an author who has these of others now, besides what it had. The error is a clause about a patch. */
  write(author: number, takesIn: readonly number[], patches: readonly Patch[]): Result<readonly Stroke[], string> {
    const reader = this.#readers.get(author) ?? {
      author,
      time: 0,
      states: new Uint8Array(this.#erased.length),
      view: new GapBuffer(),
    }
    this.#readers.set(author, reader)
    if (takesIn.length > 0) this.#takeIn(reader, takesIn)
    reader.time++
    const strokes: Stroke[] = []
    for (const patch of patches) {
      if (patch[0] + patch[1] > reader.view.length) return err(outside(patch, reader.view.length))
      strokes.push(this.#patch(reader, patch))
    }
    this.#written.push({ time: reader.time, strokes })
    return ok(strokes)
  }

  /** What everybody sees once everything has come to them. */
  end(): Int32Array {
    return Int32Array.from(this.#inOrder((character) => this.#erased[character] === 0))
  }

  /** The first transaction that typed where others had typed of which its author did not know; which comes first is this class's choice. */
  get tie(): number | undefined {
    return this.#tie
  }

  text(): string {
    return Array.from(this.end(), (character) => this.#points[character]).join('')
  }

  /** Of each character the one before it in the order of all, -1 before the first. */
  before(): Int32Array {
    const before = new Int32Array(this.#erased.length)
    let last = -1
    for (const character of this.#inOrder(() => true)) {
      before[character] = last
      last = character
    }
    return before
  }

  #inOrder(isWanted: (character: number) => boolean): readonly number[] {
    const found: number[] = []
    for (let at = this.#following[0] ?? 0; at !== 0; at = this.#following[at] ?? 0)
      if (isWanted(at - 1)) found.push(at - 1)
    return found
  }

  #takeIn(reader: Reader, indexes: readonly number[]): void {
    const { states } = reader
    for (const index of indexes) {
      const { time, strokes } = this.#written[index] ?? { time: 0, strokes: [] }
      reader.time = Math.max(reader.time, time)
      for (const { first, count, erased } of strokes) {
        states.fill(present, first, first + count)
        for (const character of erased) states[character] = gone
      }
    }
    const shown = this.#inOrder((character) => states[character] === present)
    reader.view = new GapBuffer(this.#spread(shown))
  }

  #patch({ author, time, states, view }: Reader, [at, deleted, inserted]: Patch): Stroke {
    view.moveTo(at)
    const erased = [...new Set(view.next(deleted))]
    for (const character of erased) {
      states[character] = gone
      this.#erased[character] = 1
    }
    view.delete(deleted)
    const behind = view.before ?? -1
    const first = this.#points.length
    for (const point of inserted) this.#points.push(point)
    const typed = Array.from({ length: this.#points.length - first }, (_, nth) => first + nth)
    let left = behind
    const next = this.#following[behind + 1] ?? 0
    if (typed.length > 0 && next !== 0 && states[next - 1] === unknown) this.#tie ??= this.#written.length
    for (const character of typed) {
      this.#place(character, left, time, author)
      left = character
    }
    states.fill(present, first, first + typed.length)
    view.insert(this.#spread(typed))
    return { erased, behind, first, count: typed.length }
  }

  /** Right behind the other, but for what was typed there later by somebody who had not seen this. */
  #place(character: number, behind: number, time: number, author: number): void {
    const following = this.#following
    let at = behind + 1
    for (let next = following[at] ?? 0; next !== 0; next = following[at] ?? 0) {
      const ahead = (this.#times[next] ?? 0) - time || (this.#typists[next] ?? 0) - author
      if (ahead <= 0) break
      at = next
    }
    following[character + 1] = following[at] ?? 0
    following[at] = character + 1
    this.#times[character + 1] = time
    this.#typists[character + 1] = author
  }

  /** Each character as often as it counts in a position. */
  #spread(characters: readonly number[]): readonly number[] {
    if (this.#units === 'points') return characters
    return characters.flatMap((character) =>
      this.#points[character]?.length === 2 ? [character, character] : character,
    )
  }
}

/** What one author sees. */
interface Reader {
  readonly author: number
  /** Lamport's: above that of all it has seen. */
  time: number
  /** By character: unknown (0), present or gone. */
  readonly states: Uint8Array
  view: GapBuffer
}

const unknown = 0
const present = 1
const gone = 2
