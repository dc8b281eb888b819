import type { Value } from '../fields/shape.ts'

/** Of values, how many nobody wrote; to show none is to invent none. */
export function inventedAmong(versions: readonly Value[], written: readonly Value[]): number {
  const known = new Set(written)
  return [...new Set(versions)].filter((version) => version !== undefined && !known.has(version)).length
}

/** Of a set, an order or a log. */
export const itemsOf = (version: Value): readonly string[] => (Array.isArray(version) ? (version as string[]) : [])

/** Of a text. */
export const symbolsOf = (version: Value): Iterable<string> => (typeof version === 'string' ? version : '')

/** Of votes: whose are there. */
export const votersIn = (version: Value): readonly string[] =>
  typeof version === 'object' && !Array.isArray(version) ? Object.keys(version) : []

/** Of votes: what that user's is. */
export const starsOf = (version: Value, user: string): number | undefined =>
  typeof version === 'object' ? (version as Readonly<Record<string, number>>)[user] : undefined
