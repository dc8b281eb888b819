import { fieldsOf } from '@rejoin/schema'
import type { Collection, View } from '@rejoin/schema'

/**
 * A view by the rules of its references: an id whose entity is gone is kept or cleared, or hides the whole view
 * (undefined). `isGone` says whether an entity is known to have been deleted; one that has not arrived yet is not.
 */
export function withReferences<C extends Collection>(
  collection: C,
  view: View<C>,
  isGone: (collection: string, id: string) => boolean,
): View<C> | undefined {
  let shown: Readonly<Record<string, unknown>> = view
  for (const { name, reference } of fieldsOf(collection)) {
    const id: unknown = shown[name]
    if (reference === undefined || reference.whenGone === 'keep' || typeof id !== 'string') continue
    if (!isGone(reference.collection, id)) continue
    if (reference.whenGone === 'hide') return undefined
    shown = { ...shown, [name]: undefined }
  }
  return shown as View<C>
}
