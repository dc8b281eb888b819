import type { FieldDeclaration } from '@rejoin/schema'
import type { Command } from './history.ts'
import type { Done } from './write.ts'

/**
 * A kind of field with its policy, and a model of what people may expect of it: naive, and made of nothing but what was
 * done and who had seen what. `Draft` is how it looks in an edit, `What` a deed in the words of the model.
 */
export interface SubjectRules<Draft, What> {
  readonly declaration: FieldDeclaration & {
    writtenBy(writer: 'server' | 'owner'): FieldDeclaration
  }
  /** A verb that stands here twice is used twice as often. */
  readonly verbs: readonly string[]
  /** Never throws: what is not allowed is not done. Undefined if nothing came of it. `fresh` gives unused numbers. */
  perform(draft: Draft, command: Command, fresh: () => number): What | undefined
  /** What is wrong with what is shown to somebody who knows of exactly these deeds; undefined if nothing is. */
  fault(shown: Shown<Draft>, deeds: readonly Done<What>[]): string | undefined
  /** What is wrong with what is shown after what was shown before, when nothing but deliveries and edits came between. */
  relapse?(before: unknown, after: unknown): string | undefined
  /** What is wrong when taking these deeds of one edit back, or bringing them again, changed more than what they did. */
  kept?(before: unknown, after: unknown, deeds: readonly What[], how: 'undo' | 'redo'): string | undefined
  /** By its policy nothing is ever taken back. */
  readonly stays?: boolean
  /** A deed as it is when it is made again where something is missing that its author had seen; the same unless told. */
  again?(what: What): What
  /** A value to make an entity with, and the deed that this is. */
  readonly seed?: { readonly initial: unknown; readonly deed: What }
}

export interface Shown<Draft> {
  /** In the view. */
  readonly view: unknown
  /** In an edit; undefined in the part of another user. */
  readonly draft: Draft | undefined
}

/** A kind with its types forgotten, so that all stand in one table. */
export type Subject = SubjectRules<unknown, unknown>

export const subject = <Draft, What>(rules: SubjectRules<Draft, What>): Subject => rules

/** Shows a value in a sentence. */
export const shownAs = (value: unknown): string => JSON.stringify(value) ?? 'nothing'
