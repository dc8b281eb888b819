import { canonicalJson } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'

/** Equal values are no conflict: of those the last one, in the order in which they came. */
export function distinct(values: readonly Json[]): readonly Json[] {
  if (values.length < 2) return values
  const byText = new Map<string, Json>()
  for (const value of values) {
    const text = canonicalJson(value)
    byText.delete(text)
    byText.set(text, value)
  }
  return [...byText.values()]
}
