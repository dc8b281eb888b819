import type { SpaceId } from '@rejoin/base'
import type { EditResult } from '@rejoin/documents'
import { entityName } from './live-entity.ts'
import type { EntityName } from './live-entity.ts'
import { Undoing } from './undoing.ts'
import type { UndoingDeps } from './undoing.ts'

export interface UndoBookDeps extends UndoingDeps {
  /** Entities without an open handle of which edits are remembered. */
  readonly entitiesMax: number
}

/**
 * The entities whose edits are remembered to be taken back, because the app asked for it. In memory, beside the
 * entities: letting these go ends nothing.
 */
export class UndoBook {
  readonly #deps: UndoBookDeps
  /** By entity; those opened last stand at the end. */
  readonly #undoings = new Map<string, Undoing>()

  constructor(deps: UndoBookDeps) {
    this.#deps = deps
  }

  /** Whether edits of the entity are to tell what they did. */
  captures(name: EntityName): boolean {
    return this.#undoings.size > 0 && this.#undoings.has(entityName(name))
  }

  /** For a handle that asks for it; to be released. */
  begin(name: EntityName): Undoing {
    const key = entityName(name)
    const undoing = this.#undoings.get(key) ?? new Undoing(this.#deps)
    undoing.handles += 1
    this.#undoings.delete(key)
    this.#undoings.set(key, undoing)
    return undoing
  }

  release(undoing: Undoing): void {
    undoing.handles -= 1
    const closed = [...this.#undoings].filter(([, { handles }]) => handles === 0)
    let over = closed.length - this.#deps.entitiesMax
    for (const [key, { state }] of closed) {
      const isSpent = !state.canUndo && !state.canRedo
      if (isSpent || over > 0) this.#undoings.delete(key)
      over -= 1
    }
  }

  record(name: EntityName, { changes }: EditResult): void {
    if (changes !== undefined) this.#undoings.get(entityName(name))?.record(changes)
  }

  /** The entity was built anew. */
  end(name: EntityName): void {
    this.#undoings.get(entityName(name))?.end()
  }

  /** The space was left. */
  drop(space: SpaceId): void {
    for (const [key, undoing] of this.#undoings) {
      if (!key.startsWith(`${space}|`)) continue
      undoing.end()
      this.#undoings.delete(key)
    }
  }
}
