import type { Author } from '@rejoin/schema'

/** Something done to one field. What the numbers mean is the verb's business: places and values, modulo what there is. */
export interface Command {
  readonly field: string
  readonly verb: string
  readonly a: number
  readonly b: number
}

export const lifeVerbs = ['create', 'ensure', 'delete', 'undelete', 'purge'] as const
export type LifeVerb = (typeof lifeVerbs)[number]

/**
 * Which of the writes that a replica lacks it takes in: the oldest, or some with all that their authors had seen in the
 * same document, or any, so that updates come before what they build on.
 */
export const orders = ['oldest', 'some', 'any'] as const
export type Order = (typeof orders)[number]

/** What a replica does, or suffers. */
export type Action = { readonly replica: number } & (
  | { readonly kind: 'edit'; readonly as: Author; readonly commands: readonly Command[] }
  | { readonly kind: 'live'; readonly verb: LifeVerb }
  | { readonly kind: 'pull'; readonly order: Order; readonly share: number }
  /** Puts snapshots in place of the updates that it has stored. */
  | { readonly kind: 'save' }
  /** Lets go of the entity, and loads it again under the same writer. */
  | { readonly kind: 'hydrate' }
  /** Loads it again under another writer; above 0, a write that nobody else has is lost, with what built on it. */
  | { readonly kind: 'restart'; readonly losing: number }
  /** A write that nobody else has is refused: the same, but the writer goes on; what built on it may be made again. */
  | { readonly kind: 'refuse' | 'remake'; readonly pick: number }
  /** One of the conflicts that it shows is settled; if odd, as it was shown before something came. */
  | { readonly kind: 'resolve'; readonly pick: number }
  /** The last edit is taken back, or the last taking back. */
  | { readonly kind: 'undo' | 'redo' }
)

/** Plain data, from which everything follows. */
export interface History {
  /** For each replica, by how many milliseconds its clock is wrong. */
  readonly clocks: readonly number[]
  /** From which a law makes the disorder that comes after the actions. */
  readonly dice: number
  readonly actions: readonly Action[]
}
