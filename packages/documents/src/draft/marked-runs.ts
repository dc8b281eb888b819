import { canonicalJson } from '@rejoin/schema'
import type { MarkedRun, Marks } from '@rejoin/schema'

/** The first `index` units, and the rest. */
export function splitRuns(runs: readonly MarkedRun[], index: number): readonly [MarkedRun[], MarkedRun[]] {
  const [before, behind]: [MarkedRun[], MarkedRun[]] = [[], []]
  let start = 0
  for (const run of runs) {
    const at = Math.max(0, Math.min(run.text.length, index - start))
    if (at > 0) before.push({ ...run, text: run.text.slice(0, at) })
    if (at < run.text.length) behind.push({ ...run, text: run.text.slice(at) })
    start += run.text.length
  }
  return [before, behind]
}

/** Neighbours whose marks are equal become one. */
export function joinRuns(runs: readonly MarkedRun[]): readonly MarkedRun[] {
  const joined: MarkedRun[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (last === undefined || !sameMarks(last.marks, run.marks)) joined.push(run)
    else joined[joined.length - 1] = { ...last, text: last.text + run.text }
  }
  return joined
}

/** Marks put on marks; null takes one off. Sorted by name. */
export const mergeMarks = (on: Marks, marks: Marks): Marks =>
  Object.fromEntries(
    Object.entries({ ...on, ...marks })
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Pieces of joined runs, one behind the other: only where they meet are there neighbours to join. */
export function concatRuns(pieces: readonly (readonly MarkedRun[])[]): readonly MarkedRun[] {
  let all: readonly MarkedRun[] = []
  for (const piece of pieces) {
    const [last, first] = [all.at(-1), piece[0]]
    if (last === undefined || first === undefined) all = all.concat(piece)
    else all = all.slice(0, -1).concat(joinRuns([last, first]), piece.slice(1))
  }
  return all
}

export const textOfRuns = (runs: readonly MarkedRun[]): string => runs.map(({ text }) => text).join('')

const sameMarks = (a: Marks, b: Marks): boolean => canonicalJson(a) === canonicalJson(b)
