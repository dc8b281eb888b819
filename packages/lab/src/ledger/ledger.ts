import { areConcurrent } from './edit.ts'
import type { Edit } from './edit.ts'

/** Everything that anybody did, in the order of true time: what no device of the run can know. */
export class Ledger {
  readonly #edits: Edit[] = []
  readonly #ofEntity = new Map<string, Edit[]>()

  add(edit: Edit): void {
    this.#edits.push(edit)
    const others = this.#ofEntity.get(edit.entity)
    if (others === undefined) this.#ofEntity.set(edit.entity, [edit])
    else others.push(edit)
  }

  get edits(): readonly Edit[] {
    return this.#edits
  }

  of(entity: string): readonly Edit[] {
    return this.#ofEntity.get(entity) ?? []
  }

  /** Pairs of edits of one field of which neither author had seen the other's. */
  concurrentPairs(): number {
    let pairs = 0
    for (const edits of this.#ofEntity.values()) {
      const earlier = new Map<string, Edit[]>()
      for (const edit of edits)
        for (const field of new Set(edit.deeds.map((deed) => (deed.do === 'delete' ? '' : deed.field)))) {
          const known = earlier.get(field) ?? []
          pairs += known.filter((other) => areConcurrent(other, edit)).length
          known.push(edit)
          earlier.set(field, known)
        }
    }
    return pairs
  }
}
