import type { ConditionsTold } from './input.ts'

/** Conditions that differ in one dial only, in its order. */
export type Row = readonly ConditionsTold[]

/** Those that differ in nothing but how long devices are offline: the longest such row, with the clocks that are rightest. */
export function offlineRow(conditions: Row): Row {
  const rows = rowsBy(conditions, 'apartMs')
  return rows.toSorted((a, b) => b.length - a.length || skewOf(a) - skewOf(b))[0] ?? []
}

/** Those that differ in nothing but the clocks, at least two each. */
export const clockRows = (conditions: Row): readonly Row[] =>
  rowsBy(conditions, 'skewMs').filter((row) => row.length > 1)

/** In the middle of the row, nearer the end: where most figures are told that are told for one condition only. */
export const middleOf = (row: Row): ConditionsTold | undefined => row[Math.floor(row.length / 2)]

const skewOf = (row: Row): number => row[0]?.skewMs ?? 0

/** Of those that differ in nothing but their names, only the first stands in a row. */
function rowsBy(conditions: Row, dial: 'apartMs' | 'skewMs'): readonly Row[] {
  const others = (each: ConditionsTold): string =>
    JSON.stringify(Object.entries({ ...each, name: '', about: '', [dial]: 0 }).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return [...Map.groupBy(conditions, others).values()].map((row) =>
    [...Map.groupBy(row, (each) => each[dial]).values()]
      .flatMap((alike) => alike.slice(0, 1))
      .toSorted((a, b) => a[dial] - b[dial]),
  )
}
