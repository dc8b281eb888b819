import { byMarkName } from '../content/marks.ts'
import type { MarkedRun, Marks } from '../engine.ts'

/** With the marks given, or those of the unit to the left. */
export function insertInto(
  runs: readonly MarkedRun[],
  index: number,
  text: string,
  marks?: Marks,
): readonly MarkedRun[] {
  const [left, right] = split(runs, index)
  return joined([...left, { text, marks: marks === undefined ? (left.at(-1)?.marks ?? {}) : put({}, marks) }, ...right])
}

export function deleteFrom(runs: readonly MarkedRun[], index: number, count: number): readonly MarkedRun[] {
  return joined([...split(runs, index)[0], ...split(runs, index + count)[1]])
}

/** Null takes a mark off. */
export function formatIn(runs: readonly MarkedRun[], index: number, count: number, marks: Marks): readonly MarkedRun[] {
  const [left, rest] = split(runs, index)
  const [inside, right] = split(rest, count)
  return joined([...left, ...inside.map((run) => ({ ...run, marks: put(run.marks, marks) })), ...right])
}

export const isEqual = (one: readonly MarkedRun[], other: readonly MarkedRun[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

type Halves = readonly [readonly MarkedRun[], readonly MarkedRun[]]

function split(runs: readonly MarkedRun[], index: number): Halves {
  let start = 0
  for (const [i, run] of runs.entries()) {
    const end = start + run.text.length
    if (index < end) {
      const { text, marks } = run
      const at = index - start
      const left = at === 0 ? [] : [{ text: text.slice(0, at), marks }]
      return [
        [...runs.slice(0, i), ...left],
        [{ text: text.slice(at), marks }, ...runs.slice(i + 1)],
      ]
    }
    start = end
  }
  return [runs, []]
}

/** Neighbours with equal marks are one run, and none is empty. */
function joined(runs: readonly MarkedRun[]): readonly MarkedRun[] {
  const result: MarkedRun[] = []
  for (const run of runs) {
    const last = result.at(-1)
    if (run.text === '') continue
    if (last !== undefined && JSON.stringify(last.marks) === JSON.stringify(run.marks))
      result[result.length - 1] = { ...last, text: last.text + run.text }
    else result.push(run)
  }
  return result
}

function put(marks: Marks, more: Marks): Marks {
  const all = Object.entries({ ...marks, ...more }).filter(([, value]) => value !== null)
  return Object.freeze(Object.fromEntries(all.sort(byMarkName)))
}
