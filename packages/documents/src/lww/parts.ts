import type { Json, MarkedRun, Survivor, WriteId } from '../engine.ts'

/** What stands in a document, each under the id of the write that put it there. */
export type Part = RegisterPart | TextPart | ListPart

export interface RegisterPart extends Survivor {
  readonly root: 'registers'
  readonly key: string
}

/** The id is that of the first unit; those of the others count up. Never empty: then there is no such part. */
export interface TextPart extends WriteId {
  readonly root: 'text'
  readonly runs: readonly MarkedRun[]
}

/** As for a text. */
export interface ListPart extends WriteId {
  readonly root: 'list'
  readonly values: readonly Json[]
}

/** Names what a write replaces: a register, the text, the list, or the record with all of them. */
export type Place = string

export const recordPlace: Place = ''
export const textPlace: Place = 'text'
export const listPlace: Place = 'list'
export const registerPlace = (key: string): Place => `registers/${key}`
export const placeOf = (part: Part): Place => (part.root === 'registers' ? registerPlace(part.key) : part.root)

/** How many ids a part takes. */
export function sizeOf(part: Part): number {
  if (part.root === 'registers') return 1
  return part.root === 'text' ? lengthOf(part.runs) : part.values.length
}

export const lengthOf = (runs: readonly MarkedRun[]): number => runs.reduce((sum, { text }) => sum + text.length, 0)
export const textOf = (runs: readonly MarkedRun[]): string => runs.map(({ text }) => text).join('')

export const isSame = (a: WriteId, b: WriteId): boolean => a.client === b.client && a.clock === b.clock
