import { addNumber, countNumbers, eachNumber, hasNumber, noIntervals } from '@rejoin/base'
import type { Intervals } from '@rejoin/base'
import type { LoggedEntry } from './roles.ts'

/** The acks of a session as the parent process recorded them, by writer. */
export interface Acks {
  record(writer: string, n: number): void
  readonly count: number
  readonly byWriter: ReadonlyMap<string, Intervals>
}

export function createAcks(): Acks {
  const byWriter = new Map<string, Intervals>()
  return {
    record: (writer, n) => void byWriter.set(writer, addNumber(byWriter.get(writer) ?? noIntervals, n)),
    get count() {
      return [...byWriter.values()].reduce((sum, numbers) => sum + countNumbers(numbers), 0)
    },
    byWriter,
  }
}

export interface Audit {
  /** Acked, but not in the log. */
  readonly lost: number
  /** In the log more than once. */
  readonly doubled: number
  /** Acked and in the log, but not among the ids that the server remembers. */
  readonly forgotten: number
  readonly logged: number
}

/** Holds the log against the acks: every acked entry is there once, and no entry is there twice. */
export function auditLog(
  acks: Acks,
  entries: readonly LoggedEntry[],
  accepted: readonly (readonly [writer: string, intervals: Intervals])[],
): Audit {
  const logged = new Map<string, Intervals>()
  const remembered = new Map(accepted)
  let doubled = 0
  for (const { writer, n } of entries) {
    const seen = logged.get(writer) ?? noIntervals
    if (hasNumber(seen, n)) doubled++
    logged.set(writer, addNumber(seen, n))
  }
  let lost = 0
  let forgotten = 0
  for (const [writer, numbers] of acks.byWriter) {
    for (const n of eachNumber(numbers)) {
      if (!hasNumber(logged.get(writer) ?? noIntervals, n)) lost++
      else if (!hasNumber(remembered.get(writer) ?? noIntervals, n)) forgotten++
    }
  }
  return { lost, doubled, forgotten, logged: entries.length }
}
