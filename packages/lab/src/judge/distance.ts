/**
 * Insertions and deletions from one sequence to the other. Each name stands once in `central`, so what the two have in
 * common in one order is the longest run of places in it that ascends along `shown`: n log n, where it takes n² in general.
 */
export function distance(shown: readonly string[], central: readonly string[]): number {
  const places = new Map(central.map((name, index) => [name, index]))
  // Strictly: what is shown twice is in common once.
  const common = longestRising(shown.flatMap((name) => places.get(name) ?? []))
  return shown.length + central.length - 2 * common
}

/** How long the longest rising run of them is. By patience: of each length, the least number with which one can end. */
export function longestRising(numbers: Iterable<number>): number {
  const ends: number[] = []
  for (const number of numbers) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? Infinity) < number) low = middle + 1
      else high = middle
    }
    ends[low] = number
  }
  return ends.length
}
