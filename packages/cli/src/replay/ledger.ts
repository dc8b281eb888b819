import { createAcks } from './audit.ts'
import type { Acks } from './audit.ts'
import type { AuthorReport, CutReport, FollowerReport, ProgressReport, RejoinedReport } from './roles.ts'

/** What the parent process knows of a running session, from the reports alone. */
export interface Ledger {
  author(report: AuthorReport): void
  follower(report: FollowerReport): void
  /** The author was killed, or has typed everything. */
  endTyping(): void
  /** The author process is gone or done: its figures are added up, the next one starts at none. */
  endAuthor(): void
  readonly acks: Acks
  readonly latest: ProgressReport
  readonly cuts: readonly CutReport[]
  readonly startedAtMs: number | undefined
  readonly totals: AuthorTotals
  readonly followerPending: number
}

export interface AuthorTotals {
  readonly typingMs: number
  readonly bytesUp: number
  readonly bytesDown: number
  readonly madeOffline: number
}

export interface LedgerShow {
  cut(report: CutReport): void
  rejoined(report: RejoinedReport): void
  progress(report: ProgressReport): void
}

const nothing: ProgressReport = {
  kind: 'progress',
  position: 0,
  durable: 0,
  pending: 0,
  online: false,
  bytesUp: 0,
  bytesDown: 0,
  madeOffline: 0,
}

export function createLedger(now: () => number, show: LedgerShow): Ledger {
  const acks = createAcks()
  const cuts = new Map<number, CutReport>()
  let latest = nothing
  let totals: AuthorTotals = { typingMs: 0, bytesUp: 0, bytesDown: 0, madeOffline: 0 }
  let startedAtMs: number | undefined
  let typingSinceMs: number | undefined
  let followerPending = 0

  const author = (report: AuthorReport): void => {
    switch (report.kind) {
      case 'acked':
        return acks.record(report.writer, report.n)
      case 'typing':
        typingSinceMs = now()
        startedAtMs ??= typingSinceMs
        return
      case 'cut':
        // A killed author that comes back inside a cut goes offline again: the same cut.
        if (!cuts.has(report.index)) show.cut(report)
        cuts.set(report.index, cuts.get(report.index) ?? report)
        return
      case 'rejoined':
        return show.rejoined(report)
      case 'progress':
        latest = report
        return show.progress(report)
    }
  }

  return {
    author,
    follower: (report) => {
      if (report.kind === 'acked') acks.record(report.writer, report.n)
      else followerPending = report.pending
    },
    endTyping: () => {
      if (typingSinceMs !== undefined) totals = { ...totals, typingMs: totals.typingMs + now() - typingSinceMs }
      typingSinceMs = undefined
    },
    endAuthor: () => {
      totals = {
        typingMs: totals.typingMs,
        bytesUp: totals.bytesUp + latest.bytesUp,
        bytesDown: totals.bytesDown + latest.bytesDown,
        madeOffline: totals.madeOffline + latest.madeOffline,
      }
      latest = { ...nothing, position: latest.position, durable: latest.durable, pending: latest.pending }
    },
    acks,
    get latest() {
      return latest
    },
    get cuts() {
      return [...cuts.values()]
    },
    get startedAtMs() {
      return startedAtMs
    },
    get totals() {
      return totals
    },
    get followerPending() {
      return followerPending
    },
  }
}
