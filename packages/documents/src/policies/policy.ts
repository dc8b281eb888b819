import type { Field, Json } from '@rejoin/schema'

/**
 * How concurrent writes of one value are settled: two pure functions of what is stored, with no clock in them, so that
 * every device shows the same. Values are given oldest first, by hybrid stamp; only those that fit the schema.
 */
export interface PolicyRules {
  /** Whether a write of `value` over what is seen is made at all. Throws `bad-value` where the policy forbids it. */
  writes(seen: readonly Json[], value: Json, field: Field): boolean
  /** The value to show of several; asked of one alone it gives that. */
  read(values: readonly Json[], field: Field): Json
  /** A value that was shown may be taken away, by clearing it or by undoing its write. */
  readonly goesBack: boolean
}
