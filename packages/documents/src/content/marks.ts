import { RejoinError } from '@rejoin/base'
import { isKey, isLowSurrogate } from '@rejoin/schema'
import type { Json, MarkedRun, Marks } from '../engine.ts'
import { storedJson } from './json.ts'

const nameMax = 64

/** Marks to store, copied. Throws `bad-value` on names and values that do not fit. */
export function storedMarks(marks: Marks): Record<string, Json> {
  const wrong = Object.keys(marks).find((name) => !isMarkName(name))
  if (wrong !== undefined) throw new RejoinError('bad-value', `${JSON.stringify(wrong)} is no name of a mark.`)
  return Object.fromEntries(Object.entries(marks).map(([name, value]) => [name, storedJson(value)]))
}

export const isMarkName = (name: string): boolean =>
  name !== '' && name.length <= nameMax && isKey(name) && name.isWellFormed()

/** By name, as marks are read. */
export const byMarkName = ([a]: readonly [string, Json], [b]: readonly [string, Json]): number => (a < b ? -1 : 1)

/** The runs of about the first `max` units. */
export function cutRuns(runs: readonly MarkedRun[], max: number): readonly MarkedRun[] {
  const cut: MarkedRun[] = []
  let left = max
  for (const run of runs) {
    const text = cutText(run.text, left)
    if (text !== '') cut.push(text === run.text ? run : { ...run, text })
    left -= run.text.length
    if (left <= 0) break
  }
  return cut
}

/** The first `max` units, or one less where that would split a pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  return text.slice(0, isLowSurrogate(text.charCodeAt(max)) ? max - 1 : max)
}
