import { collectionName, fieldName, isId, RejoinError } from '@rejoin/base'
import type { CollectionName } from '@rejoin/base'
import { fieldKinds, writableParts } from './field.ts'
import type { Field, FieldDeclaration } from './field.ts'
import { validator } from './validate.ts'

export type Declarations = Readonly<Record<string, FieldDeclaration>>

export interface CollectionOptions {
  /** The kind of space in which its entities live: `openRejoin({ spaces: { course: 'course-7' } })`. */
  readonly space?: string
}

/** A named set of entities with one schema. */
export interface Collection<D extends Declarations = Declarations> {
  readonly name: CollectionName
  readonly space: string
  readonly fields: { readonly [Name in keyof D]: Field }
  readonly declared: D
}

/** Declares a collection; throws `bad-config` or `bad-id` with a sentence on what to correct. */
export function collection<const D extends Declarations>(
  name: string,
  fields: D,
  options?: CollectionOptions,
): Collection<D> {
  const space = options?.space ?? 'default'
  if (!isId(space))
    throw new RejoinError('bad-config', `Collection ${name}: ${JSON.stringify(space)} is no valid kind of space.`)
  const resolved = Object.entries(fields).map(([field, declared]) => toField(name, field, declared))
  refuseSharedKeys(name, resolved)
  return Object.freeze({
    name: collectionName(name),
    space,
    fields: Object.freeze(Object.fromEntries(resolved.map((field) => [field.name, field]))) as Collection<D>['fields'],
    declared: fields,
  })
}

/** The fields of a collection in the order of its schema. */
export const fieldsOf = (collection: Collection): readonly Field[] => Object.values(collection.fields)

function toField(collection: string, name: string, declared: FieldDeclaration): Field {
  const bad = (what: string): never => {
    throw new RejoinError('bad-config', `Collection ${collection}, field ${name}: ${what}`)
  }
  if (!isId(name) || name === 'id') return bad('this name is reserved or not made of A-Z a-z 0-9 . _ ~ -')
  if (!fieldKinds.includes(declared?.kind)) return bad('declare it with register, text, counter, set or list.')
  const key = declared.key ?? name
  if (!isId(key)) return bad(`the key ${JSON.stringify(key)} is reserved or not made of A-Z a-z 0-9 . _ ~ -`)
  const part = declared.writer
  if (part === 'owner') return bad("writtenBy('owner') is not available yet; use 'server' or leave it shared.")
  if (!writableParts.includes(part)) return bad("writtenBy takes 'server' or 'owner'.")
  return Object.freeze({ name, kind: declared.kind, key: fieldName(key), part, validate: validator(declared.schema) })
}

function refuseSharedKeys(collection: string, fields: readonly Field[]): void {
  const seen = new Map<string, string>()
  for (const { name, part, key } of fields) {
    const other = seen.get(`${part}/${key}`)
    if (other !== undefined)
      throw new RejoinError('bad-config', `Collection ${collection}: fields ${other} and ${name} share the key ${key}.`)
    seen.set(`${part}/${key}`, name)
  }
}
