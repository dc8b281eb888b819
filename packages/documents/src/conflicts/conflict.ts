import type { Part } from '@rejoin/base'
import type { Json } from '@rejoin/schema'
import type { WriteId } from '../engine.ts'

/** One of the values that compete: a write that nobody who saw it has replaced. */
export interface Competing extends WriteId {
  readonly value: Json
  /** Milliseconds since 1970, by the hybrid clock of who wrote it. */
  readonly at: number
  /** Who wrote it, as far as the owner of the entity can tell: a writer, or with Rejoin's client a user. */
  readonly by: string | undefined
  readonly mine: boolean
}

/** Concurrent writes of one value that the schema wants to be seen: `.conflicts('manual')`. */
export interface Conflict {
  /** Names the value inside its entity; the same on every device, and again if it is disputed again. */
  readonly id: string
  readonly part: Part
  /** The field's name, and in a map the member's. */
  readonly field: string
  readonly member: string | undefined
  /** Oldest first. */
  readonly values: readonly Competing[]
  /** What the view shows meanwhile: the value written last. */
  readonly suggestion: Json
}

/** A value, one's own, the last of the others, or a function of them all. */
export type Resolution = { readonly value: Json } | 'mine' | 'theirs' | ((values: readonly Competing[]) => Json)

/** What a resolution leaves in the entity, for whoever audits it. */
export interface Resolved {
  readonly part: Part
  readonly field: string
  readonly member: string | undefined
  readonly kept: Json
  readonly lost: readonly Pick<Competing, 'value' | 'at' | 'by'>[]
  /** Milliseconds since 1970. */
  readonly at: number
  readonly by: string | undefined
}
