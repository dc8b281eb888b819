/**
 * A set of positive integers that mostly come in runs, kept as sorted disjoint closed intervals:
 * `[1, 5, 8, 8]` holds 1 to 5 and 8. Ids of entries are dense, so a writer's whole life is a few numbers.
 */
export type Intervals = readonly number[]

export const noIntervals: Intervals = []

export function hasNumber(set: Intervals, n: number): boolean {
  const i = firstEndingAtOrAfter(set, n)
  return i < set.length && at(set, i) <= n
}

export const addNumber = (set: Intervals, n: number): Intervals => addRun(set, n, n)

/** The set with every number from `first` to `last`. */
export function addRun(set: Intervals, first: number, last: number): Intervals {
  const grown = [...set]
  insertRun(grown, first, last)
  return grown
}

/** Puts every number from `first` to `last` into a set that the caller alone holds: many cost no more than they are. */
export function insertRun(set: number[], first: number, last: number): void {
  const length = set.length
  // The common case: a writer's next number extends the last run.
  if (length > 0 && at(set, length - 1) === first - 1) {
    set[length - 1] = last
    return
  }
  const start = firstEndingAtOrAfter(set, first - 1)
  let end = start
  let low = first
  let high = last
  while (end < length && at(set, end) <= last + 1) {
    low = Math.min(low, at(set, end))
    high = Math.max(high, at(set, end + 1))
    end += 2
  }
  set.splice(start, end - start, low, high)
}

export function toIntervals(numbers: Iterable<number>): Intervals {
  const set: number[] = []
  for (const n of [...numbers].sort((a, b) => a - b)) insertRun(set, n, n)
  return set
}

export function countNumbers(set: Intervals): number {
  let count = 0
  for (let i = 0; i < set.length; i += 2) count += at(set, i + 1) - at(set, i) + 1
  return count
}

/** The numbers one by one; only for sets that a limit bounds. */
export function* eachNumber(set: Intervals): Generator<number> {
  for (let i = 0; i < set.length; i += 2) for (let n = at(set, i); n <= at(set, i + 1); n++) yield n
}

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

/** The numbers of `a` that are not in `b`, at the same cost. */
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

/** The smallest `count` numbers, or all. */
export function firstNumbers(set: Intervals, count: number): Intervals {
  const taken: number[] = []
  let left = count
  for (let i = 0; i < set.length && left > 0; i += 2) {
    const last = Math.min(at(set, i + 1), at(set, i) + left - 1)
    taken.push(at(set, i), last)
    left -= last - at(set, i) + 1
  }
  return taken
}

/** Index of the first interval whose end is at least `n`. */
function firstEndingAtOrAfter(set: Intervals, n: number): number {
  let low = 0
  let high = set.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (at(set, 2 * middle + 1) < n) low = middle + 1
    else high = middle
  }
  return 2 * low
}

const at = (set: Intervals, i: number): number => set[i] ?? 0
