import { inherit } from './heirs.ts'
import { isSameDocument } from './document-changes.ts'
import type { DocumentChanges, DocumentHeirs } from './document-changes.ts'

export interface UndoLimits {
  /** How many edits can be undone. */
  readonly undoEditsMax: number
  /** How long an edit can be undone, in milliseconds. */
  readonly undoAgeMs: number
}

export const undoLimits: UndoLimits = { undoEditsMax: 100, undoAgeMs: 30 * 60_000 }

interface Entry {
  readonly at: number
  readonly edits: readonly DocumentChanges[]
}

/** What reverting gave: what it did itself, so that it can be taken back, and what it made again. */
export interface Reverted {
  readonly changes: readonly DocumentChanges[]
  readonly heirs: readonly DocumentHeirs[]
  /** Nothing was reverted, because of this. */
  readonly error?: unknown
}

/**
 * The edits of one user to one entity, newest last, and those that were undone. Plain data apart from the documents:
 * it outlives their being let go and loaded again.
 */
export class UndoStack {
  readonly #limits: UndoLimits
  readonly #now: () => number
  #done: readonly Entry[] = []
  #undone: readonly Entry[] = []

  /** `now` counts milliseconds that only go forward. */
  constructor(now: () => number, limits?: Partial<UndoLimits>) {
    this.#now = now
    this.#limits = { ...undoLimits, ...limits }
  }

  get canUndo(): boolean {
    this.#forget()
    return this.#done.length > 0
  }

  get canRedo(): boolean {
    this.#forget()
    return this.#undone.length > 0
  }

  /** A new edit; what was undone before it cannot be done again. */
  record(edits: readonly DocumentChanges[]): void {
    if (edits.length === 0) return
    this.#done = [...this.#done, { at: this.#now(), edits }].slice(-this.#limits.undoEditsMax)
    this.#undone = []
  }

  /** Takes back the last edit by `revert`; false if there is none. If that throws or fails the stack is as it was. */
  undo(revert: (edits: readonly DocumentChanges[]) => Reverted): boolean {
    this.#forget()
    const last = this.#done.at(-1)
    if (last === undefined) return false
    const { changes, heirs, ...refused } = revert(last.edits)
    if ('error' in refused) return false
    this.#done = renamed(this.#done.slice(0, -1), heirs)
    this.#undone = [...renamed(this.#undone, heirs), { at: this.#now(), edits: changes }]
    return true
  }

  /** Takes back the last undo. */
  redo(revert: (edits: readonly DocumentChanges[]) => Reverted): boolean {
    this.#forget()
    const last = this.#undone.at(-1)
    if (last === undefined) return false
    const { changes, heirs, ...refused } = revert(last.edits)
    if ('error' in refused) return false
    this.#undone = renamed(this.#undone.slice(0, -1), heirs)
    this.#done = [...renamed(this.#done, heirs), { at: this.#now(), edits: changes }]
    return true
  }

  /** The documents were built anew: what these edits did may not be in them any more. */
  clear(): void {
    this.#done = []
    this.#undone = []
  }

  #forget(): void {
    const since = this.#now() - this.#limits.undoAgeMs
    const isFresh = ({ at }: Entry): boolean => at >= since
    if (!this.#done.every(isFresh)) this.#done = this.#done.filter(isFresh)
    if (!this.#undone.every(isFresh)) this.#undone = this.#undone.filter(isFresh)
  }
}

/** What was made again has new names, by which the other edits have to find it. */
function renamed(entries: readonly Entry[], made: readonly DocumentHeirs[]): readonly Entry[] {
  if (made.every(({ heirs }) => heirs.length === 0)) return entries
  return entries.map(({ at, edits }) => ({
    at,
    edits: edits.map((edit) => {
      const heirs = made.find((each) => isSameDocument(each, edit))?.heirs ?? []
      return { ...edit, changes: inherit(edit.changes, heirs) }
    }),
  }))
}
