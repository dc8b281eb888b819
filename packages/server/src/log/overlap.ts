import type { Intervals } from '@rejoin/base'

/** The numbers that are in both. Costs as much as the two have runs, however long those are. */
export function overlap(a: Intervals, b: Intervals): Intervals {
  const both: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const low = Math.max(at(a, i), at(b, j))
    const high = Math.min(at(a, i + 1), at(b, j + 1))
    if (low <= high) both.push(low, high)
    if (at(a, i + 1) < at(b, j + 1)) i += 2
    else j += 2
  }
  return both
}

/** The numbers of `a` that are not in `b`. */
export function without(a: Intervals, b: Intervals): Intervals {
  const rest: number[] = []
  for (let i = 0, j = 0; i < a.length; i += 2) {
    let low = at(a, i)
    const high = at(a, i + 1)
    while (j < b.length && at(b, j + 1) < low) j += 2
    for (let k = j; k < b.length && at(b, k) <= high && low <= high; k += 2) {
      if (at(b, k) > low) rest.push(low, at(b, k) - 1)
      low = Math.max(low, at(b, k + 1) + 1)
    }
    if (low <= high) rest.push(low, high)
  }
  return rest
}

const at = (set: Intervals, i: number): number => set[i] ?? Infinity
