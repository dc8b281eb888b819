import type { Value } from '../fields/shape.ts'

/** Of a set, an order or a log. */
export const itemsOf = (version: Value): readonly string[] => (Array.isArray(version) ? (version as string[]) : [])

/** Of a text. */
export const symbolsOf = (version: Value): Iterable<string> => (typeof version === 'string' ? version : '')

/** Of votes: what that user's is. */
export const starsOf = (version: Value, user: string): number | undefined =>
  typeof version === 'object' ? (version as Readonly<Record<string, number>>)[user] : undefined
