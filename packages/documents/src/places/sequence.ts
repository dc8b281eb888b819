import type { Json } from '../engine.ts'
import { existing } from './existing.ts'
import type { PlacesSource } from './existing.ts'
import { isPosition } from './position.ts'
import { byPlace } from './room.ts'
import type { Placed } from './room.ts'

/** Things in the order of their places. An index, of which a view knows nothing else, names what is there. */
export class Sequence<Item extends Placed> {
  readonly #items: Item[]
  readonly #byId: Map<string, Item>

  /** Takes the array over. */
  constructor(items: Item[]) {
    this.#items = items.sort(byPlace)
    this.#byId = new Map(items.map((item) => [item.id, item]))
  }

  get items(): readonly Item[] {
    return this.#items
  }

  get(id: string): Item | undefined {
    return this.#byId.get(id)
  }

  /** -1 if it is not there. */
  indexOf(id: string): number {
    const item = this.#byId.get(id)
    return item === undefined ? -1 : this.#search(item)
  }

  /** Puts an item where it belongs, taking it away from where it was. */
  put(item: Item): void {
    this.delete(item.id)
    this.#items.splice(this.#search(item), 0, item)
    this.#byId.set(item.id, item)
  }

  delete(id: string): void {
    const index = this.indexOf(id)
    if (index < 0) return
    this.#items.splice(index, 1)
    this.#byId.delete(id)
  }

  /** How many items come before this one. */
  #search(item: Placed): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#items[middle]
      if (other !== undefined && other.id !== item.id && byPlace(other, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

export interface Item extends Placed {
  readonly value: Json
}

/**
 * What a movable list has, values not validated, in no order: `items/<id>` is `[value, position]`, `items/<id>/p` a
 * position.
 */
export function itemsOf(source: PlacesSource): Item[] {
  const items: Item[] = []
  for (const { id, created, value, place } of existing(source)) {
    const made = parseItem(created.value)
    if (made === undefined) {
      source.misfit(created.value)
      continue
    }
    // Better where it began than not at all.
    if (place !== undefined && !isPosition(place.value)) source.misfit(place.value)
    const position = isPosition(place?.value) ? place.value : made.position
    items.push({ id, value: value === undefined ? made.value : value.value, position })
  }
  return items
}

function parseItem(stored: Json): Omit<Item, 'id'> | undefined {
  if (!Array.isArray(stored) || stored.length !== 2) return undefined
  const [value, position]: readonly (Json | undefined)[] = stored
  return value !== undefined && isPosition(position) ? { value, position } : undefined
}
