import { Failure } from '../failure.ts'
import type { ExitStatus } from '../exit-status.ts'
import type { MergeFigures, MergeOptions, MergeReport, MergerCalls } from '../merge/figures.ts'
import { renderMerge } from '../merge/report.ts'
import { startChild } from '../platform/child.ts'
import { atExit } from '../platform/cleanup.ts'
import type { Terminal } from '../platform/terminal.ts'
import { readConcurrentTrace } from '../platform/trace-file.ts'
import { counted, fixed, whole } from '../replay/text.ts'
import type { ConcurrentTrace } from '@rejoin/lab/trace'
import { createStatusLine } from '../status-line.ts'
import type { Status } from '../status-line.ts'

export interface MergeCommand extends MergeOptions {
  readonly json: boolean
  readonly debug: boolean
}

/** Merges a session of several authors and says whether every replica ends as it should. */
export async function merge({ json, debug, ...options }: MergeCommand, terminal: Terminal): Promise<ExitStatus> {
  // Read here for what is wrong with it, and again where the work is.
  const trace = readConcurrentTrace(options.trace)
  const figures = await mergeApart(options, { trace, debug, terminal })
  if (json) terminal.out(`${JSON.stringify(figures)}\n`)
  else terminal.out(renderMerge(figures, terminal.colors))
  if (json) for (const failure of figures.failures) terminal.err(`${failure}\n`)
  return figures.ok ? 0 : 1
}

interface Around {
  readonly trace: ConcurrentTrace
  readonly debug: boolean
  readonly terminal: Terminal
}

/** In a process of its own, so that the terminal is answered while an engine is busy. */
async function mergeApart(options: MergeOptions, { trace, debug, terminal }: Around): Promise<MergeFigures> {
  let latest: MergeReport | undefined
  const line = createStatusLine(terminal, () => latest && statusOf(latest, options))
  const merger = startChild<MergerCalls, MergeReport>({
    name: 'the merger',
    entry: 'merger',
    debug,
    report: (report) => (latest = report),
    died: () => undefined,
  })
  const done = atExit(() => void merger.kill())
  const { transactions, authors } = trace
  const { order, replicas } = options
  line.say(
    `${counted(transactions.length, 'transaction')} of ${counted(authors, 'author')}, then ${order} to ${counted(replicas, 'fresh replica')}.`,
  )
  try {
    const merged = await merger.call('merge', options)
    if (!merged.ok) throw new Failure(`${options.trace} ${merged.error}`)
    return merged.value
  } finally {
    await merger.kill()
    done()
    line.end()
  }
}

function statusOf(report: MergeReport, { replicas, order }: MergeOptions): Status {
  const share = report.done / Math.max(report.total, 1)
  const progress = `${fixed(100 * share, 1).padStart(5)} % · ${whole(report.done)} of ${whole(report.total)}`
  if (report.kind === 'writing') return { share, text: `${progress} transactions written` }
  return { share, text: `${progress} updates, ${order}, to replica ${report.replica} of ${replicas}` }
}
