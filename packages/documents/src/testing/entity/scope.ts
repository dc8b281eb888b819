import type { UserId } from '@rejoin/base'
import { collection, documentOf } from '@rejoin/schema'
import type { Collection, DeletionRule, FieldDeclaration, FieldWriter, PartDocument } from '@rejoin/schema'
import type { LifeVerb } from './history.ts'
import type { Subject } from './subject.ts'

/** A field of the collection that a law is about. */
export interface ScopedField {
  readonly name: string
  readonly subject: Subject
  readonly writer: FieldWriter
}

/** What a law is about: some fields, and whether entities come and go. */
export interface Scope {
  readonly collection: Collection
  readonly fields: ReadonlyMap<string, ScopedField>
  /** How the entity is made, deleted and taken back; if in no way, nobody asks whether it exists. */
  readonly life: readonly LifeVerb[]
  /** Updates may come before what they build on; then nobody knows exactly who has seen what. */
  readonly disorderly: boolean
  /** Edits are made again after a refusal, or undone; or conflicts are settled. */
  readonly besides: 'remake' | 'undo' | 'resolve' | undefined
}

export interface ScopeOptions {
  readonly life?: readonly LifeVerb[]
  readonly disorderly?: boolean
  readonly deletion?: DeletionRule
  readonly besides?: 'remake' | 'undo' | 'resolve'
}

/** Names end in `OfServer` or `OfOwner` for fields of these parts. */
export function scopeOf(subjects: Readonly<Record<string, Subject>>, options: ScopeOptions = {}): Scope {
  const { life = [], disorderly = false, deletion = 'delete-wins', besides } = options
  const fields = Object.entries(subjects).map(([name, subject]) => ({ name, subject, writer: writerIn(name) }))
  const declarations = fields.map(({ name, subject, writer }): [string, FieldDeclaration] => [
    name,
    writer === 'shared' ? subject.declaration : subject.declaration.writtenBy(writer),
  ])
  return {
    collection: collection('notes', Object.fromEntries(declarations), { deletion }),
    fields: new Map(fields.map((field) => [field.name, field])),
    life,
    disorderly,
    besides,
  }
}

const writerIn = (name: string): FieldWriter =>
  name.endsWith('OfServer') ? 'server' : name.endsWith('OfOwner') ? 'owner' : 'shared'

/** The document in which the field's values are; of an owner's field the user's. */
export function documentIn({ collection }: Scope, { name, writer }: ScopedField, user: UserId): PartDocument {
  const field = collection.fields[name]
  if (field === undefined) throw new Error(`no field ${name}`)
  return { part: writer === 'owner' ? `owner:${user}` : writer, field: documentOf(field) }
}
