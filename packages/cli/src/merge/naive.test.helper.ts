import type { ConcurrentTrace, ConcurrentTransaction, Patch } from '@rejoin/lab/trace'

interface Item {
  readonly point: string
  readonly made: number
  readonly removed: number[]
}

/**
 * The text of a concurrent trace in the plainest way: all characters that ever were stand in one list, and what an
 * author sees is looked up one by one. Knows no engine, and nothing of ours that tells who sees what. It relies on
 * what the format promises: nobody writes where someone else writes at the same time.
 */
export class NaiveText {
  readonly #items: Item[] = []
  readonly #seen: Uint8Array[] = []

  /** Begins a transaction at its parents; answers with its index. */
  begin(parents: readonly number[]): number {
    const index = this.#seen.length
    const seen = new Uint8Array(index + 1).fill(1, index)
    for (const parent of parents) this.#seen[parent]?.forEach((held, other) => void (seen[other] ||= held))
    this.#seen.push(seen)
    return index
  }

  /** Whether a transaction is another or comes after it. */
  sees(index: number, other: number): boolean {
    return this.#seen[index]?.[other] === 1
  }

  /** What the author of this transaction sees. */
  view(index: number): string {
    return this.#visible(index)
      .map(({ point }) => point)
      .join('')
  }

  apply(index: number, [at, deleted, inserted]: Patch): void {
    const visible = this.#visible(index)
    for (const { removed } of visible.slice(at, at + deleted)) removed.push(index)
    const before = visible[at - 1]
    const items = Array.from(inserted, (point): Item => ({ point, made: index, removed: [] }))
    this.#items.splice(before === undefined ? 0 : this.#items.indexOf(before) + 1, 0, ...items)
  }

  /**
   * Whether what others write at the same time may come to lie beside what is written here: between the characters
   * that nobody has deleted and everybody could know.
   */
  isContested(index: number, at: number): boolean {
    const visible = this.#visible(index)
    const before = visible[at - 1]
    const gap = before === undefined ? 0 : this.#items.indexOf(before) + 1
    const isFirm = (item: Item): boolean => this.sees(index, item.made) && item.removed.length === 0
    const right = this.#items.slice(gap)
    const left = this.#items.slice(0, gap).toReversed()
    const beside = [left, right].flatMap((items) => items.slice(0, orAll(items.findIndex(isFirm))))
    return beside.some((item) => !this.sees(index, item.made))
  }

  /** Everything merged. */
  get text(): string {
    return this.#items
      .filter(({ removed }) => removed.length === 0)
      .map(({ point }) => point)
      .join('')
  }

  #visible(index: number): readonly Item[] {
    return this.#items.filter(
      ({ made, removed }) => this.sees(index, made) && !removed.some((other) => this.sees(index, other)),
    )
  }
}

const orAll = (found: number): number => (found < 0 ? Infinity : found)

export interface NaivelyMerged {
  /** What each transaction's author sees before it. */
  readonly views: readonly string[]
  readonly text: string
}

export function mergedNaively(transactions: readonly Omit<ConcurrentTransaction, 'takesIn'>[]): NaivelyMerged {
  const model = new NaiveText()
  const views = transactions.map(({ parents, patches }) => {
    const index = model.begin(parents)
    const view = model.view(index)
    for (const patch of patches) model.apply(index, patch)
    return view
  })
  return { views, text: model.text }
}

/** The session until then: parents come before their children, so nothing is missing. */
export function firstOfConcurrent(trace: ConcurrentTrace, count: number): ConcurrentTrace {
  const transactions = trace.transactions.slice(0, count)
  return { ...trace, transactions, endContent: mergedNaively(transactions).text }
}
