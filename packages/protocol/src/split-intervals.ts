import type { Intervals } from '@rejoin/base'

/** The same numbers in as few sets as have at most `intervalsMax` runs each; none for the empty set. */
export function splitIntervals(intervals: Intervals, intervalsMax: number): Intervals[] {
  const sets: Intervals[] = []
  for (let start = 0; start < intervals.length; start += 2 * intervalsMax)
    sets.push(intervals.slice(start, start + 2 * intervalsMax))
  return sets
}
