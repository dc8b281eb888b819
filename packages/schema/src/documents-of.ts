import type { FieldName } from '@rejoin/base'
import { fieldsOf } from './collection.ts'
import type { Collection } from './collection.ts'
import { writableParts } from './field.ts'
import type { Field, WritablePart } from './field.ts'

/** One of an entity's documents; `field` is the wire key of a text or list, or empty for the part's registers. */
export interface PartDocument {
  readonly part: WritablePart
  readonly field: FieldName | ''
}

/**
 * The documents of every entity of the collection, in a fixed order. Registers, sets and counters of a part
 * share one; each text and list has its own. The shared registers always exist: they say that the entity does.
 */
export function documentsOf(collection: Collection): readonly PartDocument[] {
  const known = documentsByCollection.get(collection) ?? listDocuments(collection)
  documentsByCollection.set(collection, known)
  return known
}

/** Asked for each entity of a list view. */
const documentsByCollection = new WeakMap<Collection, readonly PartDocument[]>()

function listDocuments(collection: Collection): readonly PartDocument[] {
  const fields = fieldsOf(collection)
  return writableParts.flatMap((part) => {
    const own = fields.filter((field) => field.part === part)
    const registers =
      part === 'shared' || own.some((field) => !hasOwnDocument(field)) ? [{ part, field: '' as const }] : []
    return [...registers, ...own.filter(hasOwnDocument).map((field) => ({ part, field: field.key }))]
  })
}

/** The document in which a field's values are. */
export const documentOf = (field: Field): PartDocument => ({
  part: field.part,
  field: hasOwnDocument(field) ? field.key : '',
})

const hasOwnDocument = (field: Field): boolean => field.kind === 'text' || field.kind === 'list'
