import type { Stamp } from '@rejoin/base'
import type { StampedValue } from '../draft/registers.ts'
import type { Json } from '../engine.ts'
import { existing } from './existing.ts'
import type { PlacesSource } from './existing.ts'
import { isPosition } from './position.ts'
import type { Placed } from './room.ts'

/** A node of a tree as its registers tell. */
export interface Node extends Placed {
  /** Not validated. */
  readonly value: Json
  /** May be gone, or under this node: concurrent edits see to that. */
  readonly parent: string | null
  /** When it was put there. */
  readonly stamp: Stamp
}

/** `outline/<id>` is `[value, parent or null, position]`, `outline/<id>/p` is `[parent or null, position]`. */
export function nodesOf(source: PlacesSource): readonly Node[] {
  const nodes: Node[] = []
  for (const { id, created, value, place } of existing(source)) {
    const [first, ...rest]: readonly (Json | undefined)[] = Array.isArray(created.value) ? created.value : []
    const made = parsePlace({ ...created, value: rest as Json })
    const moved = place === undefined ? undefined : parsePlace(place)
    if (first === undefined || made === undefined) {
      source.misfit(created.value)
      continue
    }
    // Better where it began than not at all.
    if (place !== undefined && moved === undefined) source.misfit(place.value)
    nodes.push({ id, value: value === undefined ? first : value.value, ...(moved ?? made) })
  }
  return nodes
}

function parsePlace({ stamp, value }: StampedValue): Pick<Node, 'parent' | 'position' | 'stamp'> | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [parent, position]: readonly (Json | undefined)[] = value
  return (parent === null || typeof parent === 'string') && isPosition(position)
    ? { parent, position, stamp }
    : undefined
}
