import { RejoinError } from '@rejoin/base'
import type { Collection } from './collection.ts'
import { compiled } from './conditions.ts'
import type { WhereOf } from './conditions.ts'
import type { View } from './infer.ts'

/** Which views to show, by their fields and derived values: `{ status: 'open', minutes: { above: 5 } }`. All must hold. */
export type Where<C extends Collection = Collection> = WhereOf<View<C>>

/** By which values to sort: `'title'`, `{ title: 'descending' }`, or a list of these, the first one first. */
export type OrderBy<C extends Collection = Collection> = OrderOf<View<C>>

export interface Query<C extends Collection = Collection> extends QueryOf<View<C>> {}

export type Direction = 'ascending' | 'descending'

/** A query over views of any form. */
export interface QueryOf<V> {
  readonly where?: WhereOf<V>
  readonly orderBy?: OrderOf<V>
  /** At most so many, the first ones. */
  readonly limit?: number
}

/** What has an order: numbers by size, before texts by code unit, before false and true. */
type Sortable = number | string | boolean
type SortableNames<V> = {
  [Name in keyof V & string]: unknown extends V[Name]
    ? Name
    : [Exclude<V[Name], undefined | null>] extends [Sortable]
      ? Name
      : never
}[keyof V & string]

type SortKey<Name extends string> = Name | { readonly [One in Name]?: Direction }
type OrderOf<V> = SortKey<SortableNames<V>> | readonly SortKey<SortableNames<V>>[]

/**
 * The views that a query asks for, sorted. What has no value comes last in either direction, and what is equal is sorted by
 * id, so that every device shows the same. Throws `bad-config` for a query that is none.
 */
export function select<V extends { readonly id: string }>(views: readonly V[], query: QueryOf<V>): readonly V[] {
  const { where, orderBy, limit = Infinity } = query
  if (limit !== Infinity && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new RejoinError('bad-config', 'limit is a whole number, 0 or more.')
  const fits = compiled(where ?? {})
  const keys = sortKeys(orderBy ?? [])
  return views
    .filter(fits)
    .sort((a, b) => compareBy(keys, a, b))
    .slice(0, limit)
}

type Key = readonly [name: string, sign: 1 | -1]

function sortKeys(orderBy: unknown): readonly Key[] {
  if (Array.isArray(orderBy)) return orderBy.flatMap(sortKeys)
  if (typeof orderBy === 'string') return [[orderBy, 1]]
  if (typeof orderBy !== 'object' || orderBy === null) throw wrongOrder()
  return Object.entries(orderBy).flatMap(([name, direction]): Key[] => {
    if (direction === undefined) return []
    if (direction !== 'ascending' && direction !== 'descending') throw wrongOrder()
    return [[name, direction === 'ascending' ? 1 : -1]]
  })
}

const wrongOrder = (): RejoinError =>
  new RejoinError(
    'bad-config',
    "orderBy takes a field's name, { name: 'ascending' | 'descending' }, or a list of these.",
  )

function compareBy(keys: readonly Key[], a: { readonly id: string }, b: { readonly id: string }): number {
  for (const [name, sign] of keys) {
    const order = compare(Reflect.get(a, name), Reflect.get(b, name), sign)
    if (order !== 0) return order
  }
  return compareSame(a.id, b.id)
}

function compare(a: unknown, b: unknown, sign: 1 | -1): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)]
  if (rankA === unsortable || rankB === unsortable) return rankA - rankB
  return sign * (rankA - rankB || compareSame(a as string, b as string))
}

const compareSame = <T extends Sortable>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

const ranks: Readonly<Record<string, number>> = { number: 0, string: 1, boolean: 2 }
const unsortable = 3
const rankOf = (value: unknown): number => ranks[typeof value] ?? unsortable
