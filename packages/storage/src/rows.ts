import type { Range, Row, Scan } from './store.ts'

/** Rows in memory, ordered by key. A new key costs a move of the keys after it, so appending is cheapest. */
export class Rows {
  readonly #values = new Map<string, Uint8Array>()
  readonly #keys: string[] = []

  get size(): number {
    return this.#keys.length
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key)
  }

  put(key: string, value: Uint8Array): void {
    if (!this.#values.has(key)) this.#keys.splice(this.#firstFrom(key), 0, key)
    this.#values.set(key, value)
  }

  remove(key: string): void {
    if (this.#values.delete(key)) this.#keys.splice(this.#firstFrom(key), 1)
  }

  removeRange(range: Range): void {
    const start = this.#firstFrom(range.from)
    const count = Math.max(0, this.#firstFrom(range.to) - start)
    for (const key of this.#keys.splice(start, count)) this.#values.delete(key)
  }

  scan({ from, to, limit = Infinity, reverse = false }: Scan): readonly Row[] {
    const start = this.#firstFrom(from)
    const end = Math.max(start, this.#firstFrom(to))
    const keys = reverse
      ? this.#keys.slice(Math.max(start, end - limit), end).reverse()
      : this.#keys.slice(start, Math.min(end, start + limit))
    return keys.flatMap((key): Row[] => {
      const value = this.#values.get(key)
      return value === undefined ? [] : [[key, value]]
    })
  }

  /** Index of the first key that is not below `bound`. */
  #firstFrom(bound: string): number {
    let low = 0
    let high = this.#keys.length
    const last = this.#keys[high - 1]
    if (last === undefined || last < bound) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#keys[middle] ?? '') < bound) low = middle + 1
      else high = middle
    }
    return low
  }
}
