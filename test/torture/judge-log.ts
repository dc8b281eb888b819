import type { LogFile, LogRow } from './log-file.ts'
import { sentence } from './sentence.ts'

/** Names an entry of a space's log. */
export interface EntryId {
  readonly space: string
  readonly writer: string
  readonly n: number
}

/** A log as it lies on disk, and what is known of it besides. */
export interface Logged extends LogFile {
  /** Rows that were to be folded away; some may still be there. */
  readonly folded: readonly LogRow[]
  /** Accepted numbers by writer, as runs: first, last, first, last. */
  readonly accepted: readonly (readonly [writer: string, runs: readonly number[]])[]
}

/** Every acknowledged entry was given one number, and no number is missing. */
export function judgeLog(acked: readonly EntryId[], logs: readonly Logged[]): string[] {
  const places = new Map<string, Set<number>>()
  for (const { space, rows, folded } of logs)
    for (const { seq, kind, writer, n } of [...rows, ...folded]) {
      if (!isEntry(kind)) continue
      const id = nameOf({ space, writer, n })
      places.set(id, (places.get(id) ?? new Set()).add(seq))
    }
  const ids = [...new Set(acked.map(nameOf))]
  const remembered = new Set(logs.flatMap(acceptedIn))
  return [
    ...sentence(
      ids.filter((id) => !places.has(id)),
      (count) => `Of ${ids.length} acknowledged entries ${count} are not in the log`,
    ),
    ...sentence(
      [...places].filter(([, seqs]) => seqs.size > 1).map(([id]) => id),
      (count) => `Of ${places.size} entries in the log ${count} are there more than once`,
    ),
    ...sentence(
      [...places.keys()].filter((id) => !remembered.has(id)),
      (count) => `Of ${places.size} entries in the log the server has forgotten the ids of ${count}`,
    ),
    ...logs.flatMap(judgeNumbers),
  ]
}

export const isEntry = (kind: LogRow['kind']): boolean => kind === 'update' || kind === 'recovery'

const nameOf = ({ space, writer, n }: EntryId): string => `${space}/${writer}/${n}`

function acceptedIn({ space, accepted }: Logged): string[] {
  const ids: string[] = []
  for (const [writer, runs] of accepted)
    for (let i = 0; i < runs.length; i += 2)
      for (let n = runs[i] ?? 1; n <= (runs[i + 1] ?? 0); n++) ids.push(nameOf({ space, writer, n }))
  return ids
}

/** From 1 to the head; a snapshot stands where the last row stood that it replaces. */
function judgeNumbers({ space, head, rows, stubs }: Logged): string[] {
  const there = new Set([...rows.map(({ seq }) => seq), ...stubs])
  const holes = Array.from({ length: head }, (_, i) => i + 1).filter((seq) => !there.has(seq))
  const beyond = [...there].filter((seq) => seq < 1 || seq > head)
  return [
    ...sentence(holes.map(String), (count) => `The log of ${space} has ${count} holes in its ${head} numbers`),
    ...sentence(beyond.map(String), (count) => `The log of ${space} has ${count} rows beyond its head ${head}`),
  ]
}
