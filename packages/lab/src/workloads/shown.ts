import type { Shown } from '../fields/shape.ts'

/** The elements, items or lines that a field shows. */
export function listIn(shown: Shown | undefined, field: string): readonly string[] {
  const value = shown?.[field]
  return Array.isArray(value) ? value : []
}

/** The votes that a field shows, by user. */
export function votesIn(shown: Shown | undefined, field: string): Readonly<Record<string, number>> {
  const value = shown?.[field]
  return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, number>>) : {}
}

/** The symbols that a text shows. */
export function symbolsOf(shown: Shown | undefined, field: string): readonly string[] {
  const value = shown?.[field]
  return typeof value === 'string' ? [...value] : []
}
