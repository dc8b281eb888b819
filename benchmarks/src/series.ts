import type { CaseResult } from './runner.ts'
import type { Point } from './slope.ts'

/** What grows, by contestant or by the names of its costs, where the cases are a series of sizes. */
export function seriesIn(cases: readonly CaseResult[]): ReadonlyMap<string, readonly Point[]> {
  const series = new Map<string, Point[]>()
  for (const { size, count, contestants } of cases) {
    if (size === undefined) continue
    for (const { name, wallMs, costs } of contestants)
      for (const [what, cost] of Object.entries(costs ?? { [name]: (wallMs.median * size) / count }))
        if (cost > 0) series.set(what, [...(series.get(what) ?? []), { size, cost }])
  }
  return series
}
