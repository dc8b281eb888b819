import { canonicalJson } from '@rejoin/schema'
import type { Field, Json } from '@rejoin/schema'
import type { PolicyRules } from './policy.ts'

/** What stands later in the declared list wins; what is not in it comes before all. */
export const order: PolicyRules = {
  writes: (seen, value, field) => seen.every((other) => rankOf(field, value) > rankOf(field, other)),
  read: (values, field) => values.reduce((so, value) => (rankOf(field, value) >= rankOf(field, so) ? value : so)),
  goesBack: false,
}

const ranks = new WeakMap<Field, ReadonlyMap<string, number>>()

function rankOf(field: Field, value: Json): number {
  const known = ranks.get(field) ?? toRanks(field)
  ranks.set(field, known)
  return known.get(canonicalJson(value)) ?? -1
}

const toRanks = ({ policy }: Field): ReadonlyMap<string, number> =>
  new Map(
    typeof policy === 'object' && 'order' in policy
      ? policy.order.map((value, rank) => [canonicalJson(value), rank])
      : [],
  )
