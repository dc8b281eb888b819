/**
 * Hands out what stands under the least clock first. Each step takes time in proportion to the logarithm of the size.
 * The clocks lie in a list of their own, where they are compared without a look at anything else.
 */
export class Heap<T> {
  readonly #clocks: number[] = []
  readonly #items: T[] = []

  get isEmpty(): boolean {
    return this.#clocks.length === 0
  }

  /** The least clock, or infinity. */
  get least(): number {
    return this.#clocks[0] ?? Infinity
  }

  push(clock: number, item: T): void {
    let at = this.#clocks.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#clockAt(parent) <= clock) break
      this.#move(parent, at)
      at = parent
    }
    this.#set(at, clock, item)
  }

  /** What stands under the least clock. */
  pop(): T | undefined {
    const first = this.#items[0]
    const clock = this.#clocks.pop()
    const item = this.#items.pop()
    if (clock === undefined || item === undefined || this.isEmpty) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (this.#clockAt(child + 1) < this.#clockAt(child)) child++
      if (this.#clockAt(child) >= clock) break
      this.#move(child, at)
      at = child
    }
    this.#set(at, clock, item)
    return first
  }

  #clockAt(at: number): number {
    return at < this.#clocks.length ? (this.#clocks[at] as number) : Infinity
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#clocks[from] as number, this.#items[from] as T)
  }

  #set(at: number, clock: number, item: T): void {
    this.#clocks[at] = clock
    this.#items[at] = item
  }
}
