import { fieldsOf } from '@rejoin/schema'
import type { Collection, View } from '@rejoin/schema'

/**
 * A view by the rules of its references: an id whose entity is gone is kept or cleared, or hides the whole view
 * (undefined); of what each user refers to, what is cleared is left out. Derived values were worked out before. `isGone` says whether an entity is known to have been deleted; one that has not arrived yet is not.
 */
export function withReferences<C extends Collection>(
  collection: C,
  view: View<C>,
  isGone: (collection: string, id: string) => boolean,
): View<C> | undefined {
  let shown: Readonly<Record<string, unknown>> = view
  for (const { name, part, reference } of fieldsOf(collection)) {
    if (reference === undefined || reference.whenGone === 'keep') continue
    const goes = (id: unknown): boolean => typeof id === 'string' && isGone(reference.collection, id)
    const value: unknown = shown[name]
    if (part === 'owner') shown = { ...shown, [name]: withoutGone(value, goes) }
    else if (!goes(value)) continue
    else if (reference.whenGone === 'hide') return undefined
    else shown = { ...shown, [name]: undefined }
  }
  return shown as View<C>
}

const withoutGone = (byUser: unknown, goes: (id: unknown) => boolean): object =>
  Object.fromEntries(Object.entries(byUser ?? {}).filter(([, id]) => !goes(id)))
