/** Where things stand in what is shown, from the first to the last time that each is there. */
export class Standing {
  readonly #first = new Map<string, number>()
  readonly #last = new Map<string, number>()
  readonly #names: readonly string[]

  constructor(names: Iterable<string>) {
    this.#names = [...names]
    for (const [at, name] of this.#names.entries()) {
      if (!this.#first.has(name)) this.#first.set(name, at)
      this.#last.set(name, at)
    }
  }

  has(name: string): boolean {
    return this.#first.has(name)
  }

  /** Of two that are there. One that is there twice, which is counted as such, has either place. */
  isInFront(first: string, second: string): boolean {
    return (this.#first.get(first) ?? Infinity) < (this.#last.get(second) ?? -Infinity)
  }

  /** Whether those of them that are there stand in this order. */
  areInOrder(names: readonly string[]): boolean {
    const there = names.filter((name) => this.has(name))
    return there.every((name, at) => at === 0 || this.isInFront(there[at - 1] ?? name, name))
  }

  /** All that stand behind it. */
  behind(name: string): readonly string[] {
    return this.#names
      .slice((this.#last.get(name) ?? this.#names.length) + 1)
      .filter((other) => !this.isInFront(other, name))
  }
}
