import { err, ok } from '@rejoin/base'
import type { Entry, Result } from '@rejoin/base'

export interface Assembled {
  /** Entries alone and whole groups, in order: each is decided as one. */
  readonly complete: readonly (readonly Entry[])[]
  /** The beginning of a group whose end has not come. */
  readonly rest: readonly Entry[]
}

/** Puts groups together that may come in pieces. The error is a sentence: the sender broke the protocol. */
export function assemble(
  begun: readonly Entry[],
  entries: readonly Entry[],
  groupEntriesMax: number,
): Result<Assembled, string> {
  const complete: (readonly Entry[])[] = []
  let group = [...begun]
  for (const entry of entries) {
    const wrong = misplaced(group, entry, groupEntriesMax)
    if (wrong !== undefined) return err(wrong)
    group.push(entry)
    if (group.length < entry.groupSize) continue
    complete.push(group)
    group = []
  }
  return ok({ complete, rest: group })
}

function misplaced(group: readonly Entry[], entry: Entry, groupEntriesMax: number): string | undefined {
  const first = group[0]
  if (entry.groupSize > groupEntriesMax) return `groupEntriesMax is ${groupEntriesMax}.`
  if (first === undefined) return startsWell(entry) ? undefined : `Entry ${entry.id.n} does not begin its group.`
  const fits =
    entry.group === first.group && entry.groupSize === first.groupSize && entry.id.n === first.group + group.length
  return fits ? undefined : `Entry ${entry.id.n} came inside group ${first.group}.`
}

const startsWell = ({ id, group, groupSize }: Entry): boolean =>
  group === 0 ? groupSize === 1 : group === id.n && groupSize > 1
