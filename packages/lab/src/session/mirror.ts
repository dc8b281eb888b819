import type { Stroke } from './reference.ts'

/** A place of a text where characters, by number, go and others come. */
export interface Splice {
  readonly at: number
  readonly erased: number
  /** So many, counting up from the first. */
  readonly first: number
  readonly count: number
}

/** What an author's copy of the text shows, by characters. */
export class Mirror {
  #shown: number[] = []
  readonly #isShown: Uint8Array
  /** In the order of the reference the one before each. */
  readonly #before: Int32Array
  /** Where the last change was, because the next one is often there. */
  #near = 0

  constructor(typed: number, before: Int32Array) {
    this.#isShown = new Uint8Array(typed)
    this.#before = before
  }

  get shown(): readonly number[] {
    return this.#shown
  }

  show(characters: Int32Array): void {
    this.#shown = Array.from(characters)
    this.#isShown.fill(0)
    for (const character of characters) this.#isShown[character] = 1
  }

  has(character: number): boolean {
    return this.#isShown[character] === 1
  }

  /**
   * Makes a stroke as far as it can be made here. What it erases and is not here is left; what it types comes behind the
   * character that the reference says, or if that is not here, behind the nearest before it that is.
   */
  make({ erased, behind, first, count }: Stroke): readonly Splice[] {
    const splices: Splice[] = []
    for (const at of this.#runs(erased)) splices.push(this.#splice({ at: at.at, erased: at.count, first: 0, count: 0 }))
    if (count > 0) splices.push(this.#splice({ at: this.#placeBehind(behind), erased: 0, first, count }))
    return splices
  }

  /** Those that are here, one after another, each run where it stands when the runs before it are gone. */
  *#runs(erased: readonly number[]): Generator<{ readonly at: number; readonly count: number }> {
    for (let i = 0; i < erased.length;) {
      const character = erased[i] ?? 0
      i++
      if (!this.has(character)) continue
      const at = this.#placeOf(character)
      let count = 1
      while (i < erased.length && this.#shown[at + count] === erased[i]) {
        count++
        i++
      }
      yield { at, count }
    }
  }

  #splice(splice: Splice): Splice {
    const { at, erased, first, count } = splice
    const typed = Array.from({ length: count }, (_, nth) => first + nth)
    for (const character of this.#shown.splice(at, erased, ...typed)) this.#isShown[character] = 0
    for (const character of typed) this.#isShown[character] = 1
    this.#near = at + count
    return splice
  }

  #placeBehind(character: number): number {
    let nearest = character
    while (nearest >= 0 && !this.has(nearest)) nearest = this.#before[nearest] ?? -1
    return nearest < 0 ? 0 : this.#placeOf(nearest) + 1
  }

  #placeOf(character: number): number {
    for (let at = Math.max(0, this.#near - 2); at <= this.#near + 1; at++) if (this.#shown[at] === character) return at
    return this.#shown.indexOf(character)
  }
}
