import type { Json } from '../engine.ts'
import { existing } from './existing.ts'
import type { PlacesSource } from './existing.ts'
import { isPosition } from './position.ts'
import { byPlace } from './room.ts'
import type { Placed } from './room.ts'

export interface Item extends Placed {
  /** As it is stored: not validated. */
  readonly value: Json
}

/** The items of a movable list in their order: `items/<id>` is `[value, position]`, `items/<id>/p` a position. */
export function itemsOf(source: PlacesSource): readonly Item[] {
  const items: Item[] = []
  for (const { id, created, value, place } of existing(source)) {
    const item = parseItem(created.value)
    if (item === undefined) {
      source.misfit(created.value)
      continue
    }
    // Better where it began than not at all.
    if (place !== undefined && !isPosition(place.value)) source.misfit(place.value)
    const position = isPosition(place?.value) ? place.value : item.position
    items.push({ id, value: value === undefined ? item.value : value.value, position })
  }
  return items.sort(byPlace)
}

function parseItem(stored: Json): Omit<Item, 'id'> | undefined {
  if (!Array.isArray(stored) || stored.length !== 2) return undefined
  const [value, position]: readonly (Json | undefined)[] = stored
  return value !== undefined && isPosition(position) ? { value, position } : undefined
}

/** Where an item is in the order, or where it would have to be. */
export function indexOf(items: readonly Placed[], item: Placed): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = items[middle]
    if (other !== undefined && other.id !== item.id && byPlace(other, item) < 0) low = middle + 1
    else high = middle
  }
  return low
}
