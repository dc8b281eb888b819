import type { Stamp } from '@rejoin/base'
import type { Author, PartDocument } from '@rejoin/schema'
import type { Update } from '../../engine.ts'
import type { DocumentChanges } from '../../history/document-changes.ts'

/** What one edit of one replica did, with all that its author had seen: the model's only notion of time. */
export interface Write {
  /** In the order of making. */
  readonly number: number
  readonly replica: number
  /** Which open of the store made it; -1 for what was seeded, which has no writer. */
  readonly session: number
  readonly as: Author
  readonly stamp: Stamp
  /** By the name of the document; those that it touched, though perhaps without a change. */
  readonly documents: ReadonlyMap<string, Touch>
  /** What it did, for doing it again or taking it back. */
  readonly changes: readonly DocumentChanges[]
}

/** One write in one document. */
export interface Touch {
  readonly at: PartDocument
  /** Undefined where nothing had to be changed. */
  readonly update: Update | undefined
  readonly deeds: readonly Deed[]
  /** The writes in this document that its author had seen. */
  readonly seen: ReadonlySet<Write>
  /** Those that were there when it was made: more, if it was made again for somebody who had seen less. */
  readonly beside: ReadonlySet<Write>
}

/** What was meant, in the words of the field's model. */
export interface Deed {
  readonly field: string
  readonly what: unknown
}

export const nameOf = ({ part, field }: PartDocument): string => `${part}/${field}`

/** When something was done: in which write, and after how many deeds to the field. */
interface Moment {
  readonly write: Write
  readonly index: number
}

/** A deed as a model sees it. */
export interface Done<What> extends Moment {
  readonly what: What
  /** Whether its author knew of the other one; within one write, what came before. */
  saw(other: Moment): boolean
}

/** What was done to a field in one document by these writes, in the order of making. */
export function deedsOf<What>(writes: Iterable<Write>, document: string, field: string): readonly Done<What>[] {
  const touching: Write[] = []
  for (const write of writes)
    if (write.documents.get(document)?.deeds.some((deed) => deed.field === field) === true) touching.push(write)
  const done: Done<What>[] = []
  for (const write of touching.sort((a, b) => a.number - b.number)) {
    const touch = write.documents.get(document)
    for (const { field: name, what } of touch?.deeds ?? []) {
      if (name !== field) continue
      const index = done.length
      const saw = (other: Moment): boolean =>
        other.write === write ? other.index < index : touch?.seen.has(other.write) === true
      done.push({ what: what as What, write, index, saw })
    }
  }
  return done
}
