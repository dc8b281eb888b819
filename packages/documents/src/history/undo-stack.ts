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

type Revert = (edits: readonly DocumentChanges[]) => Reverted

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
  undo(revert: Revert): boolean {
    this.#forget()
    const step = takeBack(this.#done, this.#undone, revert, this.#now())
    if (step === undefined) return false
    ;[this.#done, this.#undone] = step
    return true
  }

  /** Takes back the last undo. */
  redo(revert: Revert): boolean {
    this.#forget()
    const step = takeBack(this.#undone, this.#done, revert, this.#now())
    if (step === undefined) return false
    ;[this.#undone, this.#done] = step
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

/** Moves the last entry from one stack to the other, as what taking it back did. */
function takeBack(
  from: readonly Entry[],
  to: readonly Entry[],
  revert: Revert,
  at: number,
): readonly [readonly Entry[], readonly Entry[]] | undefined {
  const last = from.at(-1)
  if (last === undefined) return undefined
  const { changes, heirs, ...refused } = revert(last.edits)
  if ('error' in refused) return undefined
  return [renamed(from.slice(0, -1), heirs), [...renamed(to, heirs), { at, edits: changes }]]
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
