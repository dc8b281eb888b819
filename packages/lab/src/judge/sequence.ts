import { centralOf } from './central.ts'
import { distance } from './distance.ts'
import type { FieldEnd } from './field-end.ts'
import { placesIn } from './places.ts'
import { itemsOf, symbolsOf } from './versions.ts'

/** How a text or an order ended, seen as a whole. */
export interface SequenceEnd {
  /** From what would stand had all been done on one device; of several versions that of the nearest. */
  readonly distance: number
  /** Of what would stand. */
  readonly length: number
  /** The authors at each place of a text where several typed at once, in the order shown. */
  readonly places: readonly (readonly number[])[]
}

export const isSequence = ({ shape: { kind } }: FieldEnd): boolean => kind === 'order' || kind === 'text'

export function sequenceEnd({ shape: { kind }, acts, versions }: FieldEnd): SequenceEnd {
  const central = centralOf(acts)
  const [nearest] = versions
    .map((version) => [...(kind === 'text' ? symbolsOf(version) : itemsOf(version))])
    .map((shown) => ({ shown, distance: distance(shown, central) }))
    .sort((a, b) => a.distance - b.distance)
  const shown = nearest?.shown ?? []
  return {
    distance: nearest?.distance ?? central.length,
    length: central.length,
    places: kind === 'text' ? placesIn(acts, shown) : [],
  }
}
