/**
 * A text under edit as an array of numbers (code points or UTF-16 units) with a gap where the last edit was:
 * an edit costs as much as the distance from the one before, so a typed session replays in milliseconds.
 */
export class GapBuffer {
  #slots: Uint32Array
  #gapStart = 0
  #gapEnd: number
  #wideBefore = 0

  constructor(content: readonly number[] = []) {
    this.#slots = new Uint32Array(Math.max(1024, 2 * content.length))
    this.#gapEnd = this.#slots.length
    this.insert(content)
  }

  get length(): number {
    return this.#slots.length - (this.#gapEnd - this.#gapStart)
  }

  /** How many code points before the gap take two UTF-16 units. */
  get wideBefore(): number {
    return this.#wideBefore
  }

  /** The element before the gap. */
  get before(): number | undefined {
    return this.#slots[this.#gapStart - 1]
  }

  /** The next elements behind the gap, as they are until the next edit. */
  next(count: number): Uint32Array {
    return this.#slots.subarray(this.#gapEnd, this.#gapEnd + count)
  }

  /** Puts the gap before the element `at`, where 0 ≤ at ≤ length. */
  moveTo(at: number): void {
    const slots = this.#slots
    if (at < this.#gapStart) {
      const count = this.#gapStart - at
      this.#wideBefore -= wideIn(slots, at, this.#gapStart)
      slots.copyWithin(this.#gapEnd - count, at, this.#gapStart)
      this.#gapStart = at
      this.#gapEnd -= count
    } else if (at > this.#gapStart) {
      const count = at - this.#gapStart
      this.#wideBefore += wideIn(slots, this.#gapEnd, this.#gapEnd + count)
      slots.copyWithin(this.#gapStart, this.#gapEnd, this.#gapEnd + count)
      this.#gapStart = at
      this.#gapEnd += count
    }
  }

  /** Deletes after the gap. Returns how many of the deleted take two UTF-16 units. */
  delete(count: number): number {
    const wide = wideIn(this.#slots, this.#gapEnd, this.#gapEnd + count)
    this.#gapEnd += count
    return wide
  }

  insert(content: readonly number[]): void {
    this.#reserve(content.length)
    for (const value of content) {
      this.#slots[this.#gapStart++] = value
      if (value > 0xffff) this.#wideBefore++
    }
  }

  toString(): string {
    const parts: string[] = []
    const take = (from: number, to: number): void => {
      for (let at = from; at < to; at += 8192)
        parts.push(String.fromCodePoint(...this.#slots.subarray(at, Math.min(at + 8192, to))))
    }
    take(0, this.#gapStart)
    take(this.#gapEnd, this.#slots.length)
    return parts.join('')
  }

  #reserve(count: number): void {
    if (this.#gapEnd - this.#gapStart >= count) return
    const larger = new Uint32Array(2 * (this.length + count))
    const tail = this.#slots.length - this.#gapEnd
    larger.set(this.#slots.subarray(0, this.#gapStart))
    larger.set(this.#slots.subarray(this.#gapEnd), larger.length - tail)
    this.#slots = larger
    this.#gapEnd = larger.length - tail
  }
}

function wideIn(slots: Uint32Array, from: number, to: number): number {
  let wide = 0
  for (let i = from; i < to; i++) if ((slots[i] ?? 0) > 0xffff) wide++
  return wide
}
