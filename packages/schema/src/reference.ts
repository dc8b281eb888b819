/**
 * What a view shows of a reference whose entity was deleted: `keep` the id, since the text around it may still tell
 * something; `clear` shows nothing; `hide` takes the entity that refers out of all lists, as a reply without its comment.
 */
export const whenGoneRules = ['keep', 'clear', 'hide'] as const
export type WhenGone = (typeof whenGoneRules)[number]

/** A declared reference: which collection it points into, and what becomes of it when its entity is gone. */
export interface Reference {
  readonly collection: string
  readonly whenGone: WhenGone
}
