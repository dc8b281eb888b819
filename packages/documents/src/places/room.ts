import { positionLengthMax, run } from './position.ts'

/** Something that has a position; of several at one position the one with the lesser id comes first. */
export interface Placed {
  readonly id: string
  readonly position: string
}

/** What to write so that new items stand where they should. */
export interface Room {
  /** Of the new items, in their order. */
  readonly positions: readonly string[]
  /** Items that are there and had to give way; almost always none. */
  readonly moved: readonly Placed[]
}

export const byPlace = (a: Placed, b: Placed): number =>
  a.position === b.position ? (a.id < b.id ? -1 : 1) : a.position < b.position ? -1 : 1

/**
 * Positions for `count` new items before the one at `index`. Between two items at the same position there is none,
 * and where many have been squeezed in one gets too long. Then neighbours are moved too, to where they are already:
 * as few as will do if positions are equal, and else so many that it is long until the next time.
 */
export function makeRoom(items: readonly Placed[], index: number, count: number, tag: string): Room {
  if (count === 0) return { positions: [], moved: [] }
  const positions = fresh(items, index, index, count, tag, positionLengthMax)
  if (positions !== undefined) return { positions, moved: [] }
  const equal = items[index - 1]?.position === items[index]?.position
  const lengthMax = equal ? positionLengthMax : positionLengthMax / 2
  for (let size = 1; ; size *= 2) {
    const [low, high] = [Math.max(0, index - size), Math.min(items.length, index + size)]
    for (const [from, to] of [
      [index, high],
      [low, index],
      [low, high],
    ] as const) {
      const all = fresh(items, from, to, to - from + count, tag, lengthMax)
      if (all !== undefined) return split(items, from, index, count, all)
    }
  }
}

/** As many positions as asked for in place of those from one index to another. Open at both ends it never fails. */
function fresh(
  items: readonly Placed[],
  from: number,
  to: number,
  count: number,
  tag: string,
  lengthMax: number,
): readonly string[] | undefined {
  const [left, right] = [items[from - 1]?.position, items[to]?.position]
  if (left !== undefined && left === right) return undefined
  const positions = run(left, right, tag, count)
  return positions.every((position) => position.length <= lengthMax) ? positions : undefined
}

/** `all` are for the items from `from` on, with the new ones before `index`. */
function split(items: readonly Placed[], from: number, index: number, count: number, all: readonly string[]): Room {
  const positions = all.slice(index - from, index - from + count)
  const others = [...all.slice(0, index - from), ...all.slice(index - from + count)]
  const moved = others.flatMap((position, offset) => {
    const item = items[from + offset]
    return item === undefined ? [] : [{ id: item.id, position }]
  })
  return { positions, moved }
}
