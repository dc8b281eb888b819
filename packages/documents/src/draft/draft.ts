import { fieldsOf } from '@rejoin/schema'
import type { Author, Collection, Draft } from '@rejoin/schema'
import { FieldAccess } from './scope.ts'
import type { EditScope } from './scope.ts'
import { kinds } from '../fields/kinds.ts'

/** Builds the draft of an entity; it serves all its edits, whoever makes them. */
export function buildDraft<C extends Collection>(collection: C, scope: EditScope): Draft<C, Author> {
  const fields = fieldsOf(collection).map((field) => [
    field.name,
    kinds[field.kind].draft(new FieldAccess(field, scope)),
  ])
  return Object.freeze(Object.fromEntries(fields)) as Draft<C, Author>
}
