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
  const length = set.length
  // The common case: a writer's next number extends the last run.
  if (length > 0 && at(set, length - 1) === first - 1) return [...set.slice(0, -1), last]
  const start = firstEndingAtOrAfter(set, first - 1)
  let end = start
  let low = first
  let high = last
  while (end < length && at(set, end) <= last + 1) {
    low = Math.min(low, at(set, end))
    high = Math.max(high, at(set, end + 1))
    end += 2
  }
  return [...set.slice(0, start), low, high, ...set.slice(end)]
}

export function toIntervals(numbers: Iterable<number>): Intervals {
  let set: Intervals = noIntervals
  for (const n of [...numbers].sort((a, b) => a - b)) set = addNumber(set, n)
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
