import { fieldsOf, writerOf } from '@rejoin/schema'
import type { Collection, Field, PartDocument } from '@rejoin/schema'
import type { Change, RegisterChange } from '../engine.ts'
import { policyOf } from '../policies/policies.ts'

/** Changes of one document, those of counters apart: what counts there is by how much, not which total. */
export interface Split {
  readonly counted: ReadonlyMap<Field, number>
  readonly others: readonly Change[]
}

export function splitChanges(collection: Collection, at: PartDocument, changes: readonly Change[]): Split {
  const counted = new Map<Field, number>()
  const others: Change[] = []
  for (const change of changes) {
    const field = change.root === 'registers' ? fieldOfKey(collection, at, change.key) : undefined
    if (change.root !== 'registers' || field?.kind !== 'counter') others.push(change)
    else counted.set(field, (counted.get(field) ?? 0) + increment(change))
  }
  return { counted, others }
}

/** What may not be taken back is left out: values whose policy never goes back, sets that only grow, and what is ours. */
export const revertible = (collection: Collection, at: PartDocument, changes: readonly Change[]): readonly Change[] =>
  changes.filter((change) => {
    if (change.root !== 'registers') return true
    const field = fieldOfKey(collection, at, change.key)
    return field === undefined ? !change.key.startsWith('@') : field.kind !== 'growSet' && policyOf(field).goesBack
  })

/** The field to which a key of the registers belongs; undefined for keys of ours and of other versions. */
export function fieldOfKey(collection: Collection, { part }: PartDocument, key: string): Field | undefined {
  const [family = ''] = key.split('/', 1)
  const writer = writerOf(part)
  return fieldsOf(collection).find(
    (field) => field.part === writer && (field.key === family || field.lens?.from === family),
  )
}

/** By how much a write of a total changed the sum. */
export function increment({ wrote, removed }: RegisterChange): number {
  const [before, after] = [removed.at(-1)?.value ?? 0, wrote?.value ?? 0]
  return (Number.isSafeInteger(after) ? Number(after) : 0) - (Number.isSafeInteger(before) ? Number(before) : 0)
}
