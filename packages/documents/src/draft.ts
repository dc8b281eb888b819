import { fieldsOf } from '@rejoin/schema'
import type { Collection, Draft, WritablePart } from '@rejoin/schema'
import type { EditScope } from './draft-scope.ts'
import { kinds } from './fields/kinds.ts'

/** Builds the draft of an entity; it serves all its edits, of either part. */
export function buildDraft<C extends Collection>(collection: C, scope: EditScope): Draft<C, WritablePart> {
  const fields = fieldsOf(collection).map((field) => [field.name, kinds[field.kind].draft(field, scope)])
  return Object.freeze(Object.fromEntries(fields)) as Draft<C, WritablePart>
}
