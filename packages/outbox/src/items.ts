import type { DocumentKey, SpaceId } from '@rejoin/base'
import type { RowInfo } from './types.ts'

/** Rows that are sealed as one: one alone, or all of a group. */
export interface Item {
  readonly first: RowInfo
  /** Ascending. */
  readonly rows: readonly RowInfo[]
}

/**
 * Cuts rows that come together into items, in an order that keeps the order of every document. Where that
 * cannot be (a row that stands between two rows of a group, in a document of that group) they become one item.
 */
export function itemsOf(rows: readonly RowInfo[]): readonly Item[] {
  const grouped = rows.some(({ group }) => group !== 0)
  return grouped ? new Sorting(rows).items() : rows.map((row) => ({ first: row, rows: [row] }))
}

interface Bunch {
  /** Where its rows went if it was united with an earlier one. */
  into: Bunch | undefined
  rows: RowInfo[]
  /** Position of its last row. */
  last: number
}

class Sorting {
  readonly #rows: readonly RowInfo[]
  readonly #groups = new Map<SpaceId, Map<number, Bunch>>()
  /** The latest bunch that has rows of the document. */
  readonly #open = new Map<SpaceId, Map<DocumentKey, Bunch>>()

  constructor(rows: readonly RowInfo[]) {
    this.#rows = rows
    for (const [at, row] of rows.entries()) {
      if (row.group === 0) continue
      const groups = innerOf(this.#groups, row.space)
      const bunch = groups.get(row.group)
      if (bunch === undefined) groups.set(row.group, { into: undefined, rows: [row], last: at })
      else {
        bunch.rows.push(row)
        bunch.last = at
      }
    }
  }

  items(): readonly Item[] {
    const bunches: Bunch[] = []
    for (const [at, row] of this.#rows.entries()) {
      const group = row.group === 0 ? undefined : this.#groups.get(row.space)?.get(row.group)
      if (group !== undefined && group.rows[0] !== row) continue
      const bunch = group ?? { into: undefined, rows: [row], last: at }
      bunches.push(bunch)
      this.#enter(bunch, at)
    }
    return bunches.filter(({ into }) => into === undefined).map(({ rows }) => itemOf(rows))
  }

  /** Unites the bunch with those that are not complete here and have a document of it. */
  #enter(bunch: Bunch, at: number): void {
    let root = bunch
    for (const { space, document } of [...bunch.rows]) {
      const open = innerOf(this.#open, space)
      const before = rootOf(open.get(document))
      if (before !== undefined && before !== root && before.last > at) root = unite(before, root)
      open.set(document, root)
    }
  }
}

function rootOf(bunch: Bunch | undefined): Bunch | undefined {
  let root = bunch
  while (root?.into !== undefined) root = root.into
  return root
}

/** The earlier one stays, since its place is before all rows of both. */
function unite(a: Bunch, b: Bunch): Bunch {
  const [earlier, later] = (a.rows[0]?.row ?? 0) < (b.rows[0]?.row ?? 0) ? [a, b] : [b, a]
  earlier.rows = earlier.rows.concat(later.rows)
  earlier.last = Math.max(earlier.last, later.last)
  later.into = earlier
  return earlier
}

function itemOf(rows: RowInfo[]): Item {
  rows.sort((a, b) => a.row - b.row)
  const [first] = rows
  if (first === undefined) throw new RangeError('an item has rows')
  return { first, rows }
}

function innerOf<K, V>(outer: Map<SpaceId, Map<K, V>>, space: SpaceId): Map<K, V> {
  const known = outer.get(space)
  if (known !== undefined) return known
  const inner = new Map<K, V>()
  outer.set(space, inner)
  return inner
}
