import type { Field, Json } from '@rejoin/schema'
import { distinct } from './distinct.ts'
import { lastWriteWins } from './last-write-wins.ts'
import type { PolicyRules } from './policy.ts'

/** The app's own function; asked only where different values compete. What it gives must fit the schema, or the last write shows. */
export const resolve: PolicyRules = {
  ...lastWriteWins,
  read(values, field) {
    const last = values.at(-1) as Json
    const competing = distinct(values)
    return competing.length === 1 ? last : resolved(competing, field, last)
  },
}

function resolved(values: readonly Json[], { policy, validate }: Field, last: Json): Json {
  if (typeof policy !== 'object' || !('resolve' in policy)) return last
  try {
    const answer = validate(policy.resolve(values))
    return answer.ok ? answer.value : last
  } catch {
    return last
  }
}
