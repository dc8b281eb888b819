import type { Stamp } from '@rejoin/base'
import { createdKey, inherit } from '@rejoin/documents'
import type { Change, DocumentChanges, Entity, Heir, RepeatResult } from '@rejoin/documents'
import type { PartDocument } from '@rejoin/schema'

/** Makes transactions again in documents from which they were taken out, in their order. */
export class Remaker {
  readonly #entity: Entity
  readonly #isAhead: (stamp: Stamp) => boolean
  readonly #heirs = new Map<string, Heir[]>()

  /** `isAhead`: no server takes a write with this stamp now. */
  constructor(entity: Entity, isAhead: (stamp: Stamp) => boolean) {
    this.#entity = entity
    this.#isAhead = isAhead
  }

  /**
   * All of it, or undefined and nothing: if it names what is not there any more, if there is nothing to be edited, or
   * if it does not fit any more. Stamps stay, but for those that nobody would take.
   */
  make(edits: readonly DocumentChanges[]): RepeatResult | undefined {
    const life = this.#entity.life()
    if (life === 'purged' || (life === 'absent' && !edits.some(creates))) return undefined
    const renamed = edits.map((edit) => ({ ...edit, changes: this.renamed(edit, edit.changes) }))
    const stamps = renamed.flatMap(({ changes }) => changes.flatMap(stampOf))
    const isAhead = stamps.some((stamp) => this.#isAhead(stamp))
    const result = this.#entity.redo(renamed, isAhead ? { stamps: 'fresh' } : undefined)
    if (result.error !== undefined) return undefined
    for (const made of result.heirs) this.#keep(made, made.heirs)
    if (isAhead) return result
    const greatest = stamps.reduce((most, stamp) => Math.max(most, stamp), 0)
    return { ...result, updates: result.updates.map((each) => ({ ...each, stamp: Math.max(each.stamp, greatest) })) }
  }

  /** Nothing has a new name. */
  get isIdle(): boolean {
    return this.#heirs.size === 0
  }

  /** The changes, with the names that what they build on has now. */
  renamed(at: PartDocument, changes: readonly Change[]): readonly Change[] {
    return inherit(changes, this.#heirs.get(placeOf(at)) ?? [])
  }

  /** What is typed again in a row is one heir. */
  #keep(at: PartDocument, made: readonly Heir[]): void {
    if (made.length === 0) return
    const heirs = this.#heirs.get(placeOf(at)) ?? []
    this.#heirs.set(placeOf(at), heirs)
    for (const heir of made) {
      const last = heirs.at(-1)
      if (last !== undefined && follows(last, heir))
        heirs[heirs.length - 1] = { ...last, length: last.length + heir.length }
      else heirs.push(heir)
    }
  }
}

const placeOf = ({ part, field }: PartDocument): string => `${part}/${field}`

const creates = ({ changes }: DocumentChanges): boolean =>
  changes.some((change) => change.root === 'registers' && change.key === createdKey && change.wrote !== undefined)

const stampOf = (change: Change): readonly Stamp[] =>
  change.root === 'registers' && change.wrote !== undefined ? [change.wrote.stamp] : []

const follows = ({ of, id, length }: Heir, next: Heir): boolean =>
  of.client === next.of.client &&
  of.clock + length === next.of.clock &&
  id.client === next.id.client &&
  id.clock + length === next.id.clock
