import type { Engine } from '@rejoin/documents'
import { interleaving } from '@rejoin/lab'
import { randomOf, typeTogether, typings } from './typing.ts'

export interface Figure {
  readonly engine: string
  readonly typing: string
  readonly interleaving: number
}

/** A figure for each way of typing, over so many places. The same seed gives the same figures. */
export const measure = (engine: Engine, places: number, seed: number): readonly Figure[] =>
  Object.entries(typings).map(([typing, way]) => {
    const random = randomOf(seed)
    const typed = Array.from({ length: places }, () => typeTogether(engine, way, random))
    return { engine: engine.name, typing, interleaving: interleaving(typed) }
  })
