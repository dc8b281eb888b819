import type { Timers } from '@rejoin/base'
import { UndoStack } from '@rejoin/documents'
import type { DocumentChanges, RepeatResult, UndoLimits } from '@rejoin/documents'
import type { UndoState } from '../api.ts'
import type { CallApp } from '../guarded.ts'

export interface UndoingDeps {
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number
  readonly timers: Timers
  readonly callApp: CallApp
  readonly limits: UndoLimits
}

/** What this device can take back of one entity, for all of its handles; it outlives their closing. */
export class Undoing {
  /** Handles that asked for it and are open. */
  handles = 0
  readonly #deps: UndoingDeps
  readonly #stack: UndoStack
  /** With what each was shown last. */
  readonly #watchers = new Set<{ readonly show: (state: UndoState) => void; last: UndoState }>()
  #ended: UndoState['ended']
  #isScheduled = false

  constructor(deps: UndoingDeps) {
    this.#deps = deps
    this.#stack = new UndoStack(deps.elapsed, deps.limits)
  }

  get state(): UndoState {
    const { canUndo, canRedo } = this.#stack
    return { canUndo, canRedo, ended: this.#ended }
  }

  /** An edit that was made. */
  record(changes: readonly DocumentChanges[]): void {
    if (changes.length === 0) return
    this.#ended = undefined
    this.#stack.record(changes)
    this.#changed()
  }

  /** Takes back the last edit, or the last undo, by `revert`. Undefined if there is none. */
  step(
    direction: 'undo' | 'redo',
    revert: (edits: readonly DocumentChanges[]) => RepeatResult,
  ): RepeatResult | undefined {
    let result: RepeatResult | undefined
    this.#stack[direction]((edits) => {
      const reverted = revert(edits)
      if (reverted.error !== undefined) throw reverted.error
      result = reverted
      return reverted
    })
    this.#changed()
    return result
  }

  /** The documents were built anew: what the edits did may not be in them. */
  end(): void {
    const { canUndo, canRedo } = this.#stack
    this.#stack.clear()
    if (canUndo || canRedo) this.#ended = 'rebuilt'
    this.#changed()
  }

  watch(show: (state: UndoState) => void): () => void {
    const watcher = { show, last: this.state }
    this.#watchers.add(watcher)
    show(watcher.last)
    return () => this.#watchers.delete(watcher)
  }

  #changed(): void {
    if (this.#isScheduled || this.#watchers.size === 0) return
    this.#isScheduled = true
    this.#deps.timers.after(0, () => {
      this.#isScheduled = false
      for (const watcher of [...this.#watchers]) {
        const { state } = this
        if (isSame(watcher.last, state)) continue
        watcher.last = state
        this.#deps.callApp(() => watcher.show(state))
      }
    })
  }
}

const isSame = (a: UndoState, b: UndoState): boolean =>
  a.canUndo === b.canUndo && a.canRedo === b.canRedo && a.ended === b.ended
