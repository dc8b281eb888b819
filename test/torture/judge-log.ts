import type { SpaceLog } from './log-file.ts'
import { sentence } from './sentence.ts'

/** Names an entry of a space's log. */
export interface EntryId {
  readonly space: string
  readonly writer: string
  readonly n: number
}

/** A log as it lies on disk, and what the server remembers of it. */
export interface Logged extends SpaceLog {
  /** Accepted numbers by writer, as runs: first, last, first, last. */
  readonly accepted: readonly (readonly [writer: string, runs: readonly number[]])[]
}

/** Every acknowledged entry was given one number, and no number is missing. */
export function judgeLog(acked: readonly EntryId[], logs: readonly Logged[]): string[] {
  const times = new Map<string, number>()
  for (const { space, rows, folded } of logs)
    for (const { kind, writer, n } of [...rows, ...folded])
      if (kind === 'update' || kind === 'recovery') {
        const id = nameOf({ space, writer, n })
        times.set(id, (times.get(id) ?? 0) + 1)
      }
  const ids = [...new Set(acked.map(nameOf))]
  const remembered = new Set(logs.flatMap(acceptedIn))
  return [
    ...sentence(
      ids.filter((id) => !times.has(id)),
      (count) => `Of ${ids.length} acknowledged entries ${count} are not in the log`,
    ),
    ...sentence(
      [...times].filter(([, count]) => count > 1).map(([id]) => id),
      (count) => `Of ${times.size} entries in the log ${count} are there more than once`,
    ),
    ...sentence(
      [...times.keys()].filter((id) => !remembered.has(id)),
      (count) => `Of ${times.size} entries in the log the server has forgotten the ids of ${count}`,
    ),
    ...logs.flatMap(judgeNumbers),
  ]
}

const nameOf = ({ space, writer, n }: EntryId): string => `${space}/${writer}/${n}`

function acceptedIn({ space, accepted }: Logged): string[] {
  const ids: string[] = []
  for (const [writer, runs] of accepted)
    for (let i = 0; i < runs.length; i += 2)
      for (let n = runs[i] ?? 1; n <= (runs[i + 1] ?? 0); n++) ids.push(nameOf({ space, writer, n }))
  return ids
}

/** From 1 to the head; a snapshot stands where the last row stood that it replaces. */
function judgeNumbers({ space, head, rows, folded }: Logged): string[] {
  const there = new Set([...rows, ...folded].map(({ seq }) => seq))
  const holes = Array.from({ length: head }, (_, i) => i + 1).filter((seq) => !there.has(seq))
  const beyond = [...there].filter((seq) => seq < 1 || seq > head)
  return [
    ...sentence(holes.map(String), (count) => `The log of ${space} has ${count} holes in its ${head} numbers`),
    ...sentence(beyond.map(String), (count) => `The log of ${space} has ${count} rows beyond its head ${head}`),
  ]
}
