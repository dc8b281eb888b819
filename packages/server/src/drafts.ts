import { hasNumber } from '@rejoin/base'
import type { WriterId } from '@rejoin/base'
import type { Submission } from './admit.ts'
import type { WriterRecord } from './log/records.ts'

/** A writer's record while a commit changes it. Its numbers are its own: they grow in place. */
export interface WriterDraft extends WriterRecord {
  logged: boolean
  readonly accepted: number[]
  readonly refused: number[]
}

/** The writers of one space as they were loaded, and as the commit in hand leaves them. */
export class WriterDrafts {
  readonly #loaded: ReadonlyMap<WriterId, WriterRecord>
  readonly #drafts = new Map<WriterId, WriterDraft>()

  constructor(loaded: ReadonlyMap<WriterId, WriterRecord>) {
    this.#loaded = loaded
  }

  get(writer: WriterId): WriterRecord | undefined {
    return this.#drafts.get(writer) ?? this.#loaded.get(writer)
  }

  /** A known writer, to be changed. Its numbers are copied once a commit. */
  change(writer: WriterId): WriterDraft | undefined {
    const draft = this.#drafts.get(writer)
    if (draft !== undefined) return draft
    const record = this.#loaded.get(writer)
    return record && this.begin({ ...record, accepted: [...record.accepted], refused: [...record.refused] })
  }

  begin(draft: WriterDraft): WriterDraft {
    this.#drafts.set(draft.writer, draft)
    return draft
  }

  changed(): readonly WriterRecord[] {
    return [...this.#drafts.values()]
  }

  /** At most how many runs the writer's numbers have, in both sets together, when these entries are put in. */
  runsWith({ writer, entries }: Submission, to: 'accepted' | 'refused'): number {
    const record = this.get(writer)
    const set = record?.[to] ?? []
    const opening = entries.filter(
      ({ id }, i) => !hasNumber(set, id.n - 1) && !hasNumber(set, id.n + 1) && entries[i - 1]?.id.n !== id.n - 1,
    )
    return ((record?.accepted.length ?? 0) + (record?.refused.length ?? 0)) / 2 + opening.length
  }
}
