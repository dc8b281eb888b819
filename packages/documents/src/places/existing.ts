import type { Stamp } from '@rejoin/base'
import type { Json } from '../engine.ts'

/** The registers of one field: `items/<id>` and below. */
export interface PlacesSource {
  /** The key of the field: what comes before the first slash. */
  readonly family: string
  /** The keys of the family that hold a value, in any order. */
  keys(): Iterable<string>
  /** The survivor that wins. */
  winner(key: string): Winner | undefined
  /** Told of everything stored that cannot be shown. */
  misfit(value: Json): void
}

export interface Winner {
  readonly stamp: Stamp
  readonly value: Json
}

/** Something that is there, with what is stored of it. */
export interface Existing {
  readonly id: string
  readonly created: Winner
  /** Its value since it was edited. */
  readonly value: Winner | undefined
  /** Its place since it was moved. */
  readonly place: Winner | undefined
}

/**
 * What is there, in no particular order. `items/<id>` is written once, at the insertion, and alone says that something
 * is there; `items/<id>/v` and `items/<id>/p` hold its value and place since then. So a deletion, which removes all
 * three, wins over every edit made meanwhile; what such an edit leaves behind says nothing.
 */
export function* existing(source: PlacesSource): Generator<Existing> {
  for (const key of source.keys()) {
    const [id = '', aspect, ...more] = key.slice(source.family.length + 1).split('/')
    const fits = idPattern.test(id) && more.length === 0
    const created = source.winner(key)
    if (created === undefined || (fits && (aspect === 'v' || aspect === 'p'))) continue
    if (!fits || aspect !== undefined) source.misfit(created.value)
    else yield { id, created, value: source.winner(`${key}/v`), place: source.winner(`${key}/p`) }
  }
}

/** Client and clock of the write that made it and, if that edit made several, the number among them. */
const idPattern = /^[0-9a-z]{1,7}\.[0-9a-z]{1,11}(?:\.[0-9a-z]{1,11})?$/
