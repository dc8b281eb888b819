import type { SpaceId } from '@rejoin/base'
import type { IsGone } from '@rejoin/documents'
import { fieldsOf } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import type { Collections } from '../api.ts'
import type { Place, ViewList } from './view-list.ts'

/** The places in which an entity may lie to which those of this place refer, if its deletion shows in them. */
export type Targets = (place: Place) => readonly Place[]

/** In the same space if the other collection is of the same kind, else in any space of that kind. */
export function targetsIn(collections: Collections, spacesOf: (kind: string) => readonly SpaceId[]): Targets {
  return ({ space, collection }) => {
    const names = namesFrom(collection)
    if (names.size === 0) return []
    return Object.values(collections)
      .filter(({ name }) => names.has(name))
      .flatMap((target) => {
        const spaces = target.space === collection.space ? [space] : spacesOf(target.space)
        return spaces.map((at) => ({ space: at, collection: target }))
      })
  }
}

function namesFrom(collection: Collection): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { reference } of fieldsOf(collection))
    if (reference !== undefined && reference.whenGone !== 'keep') names.add(reference.collection)
  return names
}

export const goneFrom =
  (targets: readonly ViewList[]): IsGone =>
  (name, id) =>
    targets.some((target) => target.collection.name === name && target.isDeleted(id))

/** How often something was deleted to which may be referred. */
export const deletionsIn = (targets: readonly ViewList[]): number =>
  targets.reduce((sum, { deletions }) => sum + deletions, 0)
