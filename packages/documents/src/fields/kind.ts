import type { Field, Json } from '@rejoin/schema'
import type { FieldAccess } from '../draft/scope.ts'
import type { EntityDocument } from '../entity/document.ts'

/** All that is particular to one kind of field. */
export interface KindRules {
  /** The keys it has in the registers of its part: its own, `key/…`, or none because it has its own document. */
  readonly keys: 'one' | 'family' | 'none'
  /** What an edit sees of the field. Made once per entity, used in each of its edits. */
  draft(access: FieldAccess): object
  /** Writes the value with which an entity is created, given unchecked. */
  initialise(access: FieldAccess, value: unknown): void
  /** The field in the view and in the canonical form. Never throws on what is stored. */
  read(reading: Reading): unknown
}

/** What reading a field in one part needs, and where it reports what does not fit. */
export interface Reading {
  readonly field: Field
  /** Undefined if nothing was loaded: the field is empty. */
  readonly document: EntityDocument | undefined
  /** How much of a long text to read, in UTF-16 code units. */
  readonly textMax: number | undefined
  misfit(value: unknown): void
}

/** Stored values as the app is to see them; misfits are reported and left out. */
export function fitting(field: Field, stored: readonly Json[], misfit: Reading['misfit']): readonly Json[] {
  const values: Json[] = []
  for (const raw of stored) {
    const value = field.fit(raw)
    if (value.ok) values.push(value.value)
    else misfit(raw)
  }
  return values
}
