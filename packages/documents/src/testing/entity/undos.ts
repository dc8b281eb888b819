import { UndoStack } from '../../history/undo-stack.ts'
import type { Entity, RepeatResult } from '../../entity/entity.ts'
import type { Write } from './write.ts'

/** What a user of a replica can take back, beside the writes that did it. */
export class Undos {
  readonly #stack: UndoStack = new UndoStack(() => 0)
  #done: Write[] = []
  #undone: Write[] = []

  record(write: Write): void {
    if (write.changes.length === 0) return
    this.#stack.record(write.changes)
    this.#done = [...this.#done, write].slice(-100)
    this.#undone = []
  }

  /** Takes back the last edit, or the last taking back; tells of which write, and what it did. */
  take(how: 'undo' | 'redo', entity: Entity): { readonly write: Write; readonly result: RepeatResult } | undefined {
    const [from, to] = how === 'undo' ? [this.#done, this.#undone] : [this.#undone, this.#done]
    const write = from.at(-1)
    let result: RepeatResult | undefined
    try {
      this.#stack[how]((edits) => {
        result = entity.revert(edits)
        if ('error' in result) throw result.error
        return result
      })
    } catch (cause) {
      // What was deleted is not edited.
      if (entity.life() === 'live' || entity.life() === 'absent') throw cause
      return undefined
    }
    if (write === undefined || result === undefined) return undefined
    from.pop()
    to.push(write)
    return { write, result }
  }

  clear(): void {
    this.#stack.clear()
    this.#done = []
    this.#undone = []
  }
}
