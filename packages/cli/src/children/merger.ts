// Merges a session of several authors in a process of its own: the terminal is answered while an engine is busy.
import { monotonicMs, pause } from '../platform/clock.ts'
import { serveParent } from '../platform/parent.ts'
import type { Parent } from '../platform/parent.ts'
import { readConcurrentTrace } from '../platform/trace-file.ts'
import { openEngine } from '../engines.ts'
import type { MergeReport, MergerCalls } from '../merge/figures.ts'
import { mergeSession } from '../merge/merge.ts'

const showEveryMs = 100
let shownAt = -Infinity

/** Now and then, and lets the parent be heard. */
async function show(report: MergeReport): Promise<void> {
  if (report.done > 0 && monotonicMs() - shownAt < showEveryMs) return
  parent.report(report)
  await pause(0)
  shownAt = monotonicMs()
}

const parent: Parent<MergeReport> = serveParent<MergerCalls, MergeReport>({
  merge: async (options) =>
    mergeSession(readConcurrentTrace(options.trace), await openEngine(options.engine), options, show),
})
