import type { StampedValue } from '../draft/registers.ts'
import type { Json } from '../engine.ts'

/** The registers of one field: `items/<id>` and below. */
export interface PlacesSource {
  /** What comes before the first slash. */
  readonly family: string
  readonly registers: {
    keysOf(family: string): Iterable<string>
    survivors(key: string): readonly StampedValue[]
  }
  /** Told of everything stored that cannot be shown. */
  misfit(value: Json): void
}

/** Something that is there, with what is stored of it. */
export interface Existing {
  readonly id: string
  readonly created: StampedValue
  /** Its value since it was edited. */
  readonly value: StampedValue | undefined
  /** Its place since it was moved. */
  readonly place: StampedValue | undefined
}

/**
 * What is there, in no particular order. `items/<id>` is written once, at the insertion, and alone says that something
 * is there; `items/<id>/v` and `items/<id>/p` hold its value and place since then. So a deletion, which removes all
 * three, wins over every edit made meanwhile; what such an edit leaves behind says nothing.
 */
export function* existing({ family, registers, misfit }: PlacesSource): Generator<Existing> {
  for (const key of registers.keysOf(family)) {
    const [id = '', aspect, ...more] = key.slice(family.length + 1).split('/')
    const fits = idPattern.test(id) && more.length === 0
    if (fits && (aspect === 'v' || aspect === 'p')) continue
    const created = registers.survivors(key).at(-1)
    if (created === undefined) continue
    if (!fits || aspect !== undefined) misfit(created.value)
    else
      yield {
        id,
        created,
        value: registers.survivors(`${key}/v`).at(-1),
        place: registers.survivors(`${key}/p`).at(-1),
      }
  }
}

/** Client and clock of a write of the edit that made it and, if that made several, its number among them. */
const idPattern = /^[0-9a-z]{1,11}\.[0-9a-z]{1,11}(?:\.[0-9a-z]{1,11})?$/
