import type { CaseResult } from './runner.ts'
import type { Point } from './slope.ts'

/**
 * What grows, by contestant or by the names of its costs, where the cases are a series of sizes. Of times it is processor
 * time: on a crowded machine the slope of wall time came out at 1.5 where that of processor time stayed at 1.1.
 */
export function seriesIn(cases: readonly CaseResult[]): ReadonlyMap<string, readonly Point[]> {
  const series = new Map<string, Point[]>()
  for (const { size, count, contestants } of cases) {
    if (size === undefined) continue
    for (const { name, cpuMs, costs } of contestants)
      for (const [what, cost] of Object.entries(costs ?? { [name]: (cpuMs.median * size) / count }))
        if (cost > 0) series.set(what, [...(series.get(what) ?? []), { size, cost }])
  }
  return series
}
