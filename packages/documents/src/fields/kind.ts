import type { Field } from '@rejoin/schema'
import type { EditScope } from '../draft-scope.ts'
import type { EntityDocuments } from '../entity-documents.ts'

/** All that is particular to one kind of field. */
export interface KindRules {
  /** The keys it has in the registers of its part: its own, `key/…`, or none because it has its own document. */
  readonly keys: 'one' | 'family' | 'none'
  /** What an edit sees of the field. Made once per entity, used in each of its edits. */
  draft(field: Field, scope: EditScope): object
  /** Writes the value with which an entity is created, given unchecked. */
  initialise(field: Field, scope: EditScope, value: unknown): void
  /** The field in the view and in the canonical form. Never throws on what is stored. */
  read(field: Field, reading: Reading): unknown
}

/** What reading a field needs, and where it reports what does not fit. */
export interface Reading {
  readonly documents: EntityDocuments
  /** How much of a long text to read, in UTF-16 code units. */
  readonly textMax: number | undefined
  misfit(field: string, value: unknown): void
}
