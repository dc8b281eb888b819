import { fieldsOf } from '@rejoin/schema'
import type { Collection, View } from '@rejoin/schema'

/** Whether an entity is known to have been deleted; one that has not arrived yet is not. */
export type IsGone = (collection: string, id: string) => boolean

/**
 * A view by the rules of its references: an id whose entity is gone is kept or cleared, or hides the whole view
 * (undefined); of what each user refers to, what is cleared is left out. Derived values were worked out before.
 */
export function withReferences<C extends Collection>(
  collection: C,
  view: View<C>,
  isGone: IsGone,
): View<C> | undefined {
  const shown: Readonly<Record<string, unknown>> = view
  const isHidden = fieldsOf(collection).some(({ name, part, reference }) => {
    const id = shown[name]
    if (reference?.whenGone !== 'hide' || part === 'owner' || typeof id !== 'string') return false
    return isGone(reference.collection, id)
  })
  return isHidden ? undefined : withoutGone(collection, view, isGone)
}

/** The same for who has the entity open: it is shown in any case. */
export function withoutGone<C extends Collection>(collection: C, view: View<C>, isGone: IsGone): View<C> {
  let shown: Readonly<Record<string, unknown>> = view
  for (const { name, part, reference } of fieldsOf(collection)) {
    if (reference === undefined || reference.whenGone === 'keep') continue
    const goes = (id: unknown): boolean => typeof id === 'string' && isGone(reference.collection, id)
    const value: unknown = shown[name]
    if (part === 'owner') {
      const byUser = Object.entries(value ?? {})
      const left = byUser.filter(([, id]) => !goes(id))
      if (left.length < byUser.length) shown = { ...shown, [name]: Object.fromEntries(left) }
    } else if (reference.whenGone === 'clear' && goes(value)) shown = { ...shown, [name]: undefined }
  }
  return shown as View<C>
}
