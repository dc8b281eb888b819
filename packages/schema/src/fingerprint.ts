import { fieldsOf } from './collection.ts'
import type { Collection } from './collection.ts'
import type { Lens } from './lens.ts'

/**
 * A text that is another where views made by the collection may be others: when a field was added, renamed, given another
 * policy, a lens, or a derived value, or when the collection changed its engine, which reads none of the bytes of the one
 * before. Functions count by their source; what a schema accepts is not looked into.
 */
export function fingerprint(collection: Collection): string {
  const fields = fieldsOf(collection).map(({ name, kind, key, part, policy, reference, lens }) => {
    const { upgrade } = collection.declared[name]?.options ?? {}
    return [name, kind, key, part, policy, reference, lensParts(lens), upgrade]
  })
  return JSON.stringify([collection.engine, fields, Object.entries(collection.derive)], (_, value: unknown) =>
    typeof value === 'function' ? String(value) : value,
  )
}

const lensParts = (lens: Lens | undefined): unknown => lens && [lens.from, lens.up, lens.down]
