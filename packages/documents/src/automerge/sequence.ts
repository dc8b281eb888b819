import type { Json } from '../engine.ts'
import { freezeJson, storedJson } from '../content/json.ts'
import type { RowRoot } from './operations.ts'

/** A root whose elements stand in a row: a character each in the text, a value each in the list. */
export interface Sequence<Root extends RowRoot, Content> {
  readonly root: Root
  /** Undefined for what is not of ours. */
  read(stored: string): Content | undefined
  join(contents: readonly Content[]): Content
  /** What each element is stored as. Throws `bad-value` on what cannot be stored. */
  store(content: Content): readonly string[]
}

export const textSequence: Sequence<'text', string> = {
  root: 'text',
  read: (stored) => (isCharacter(stored) ? stored : undefined),
  join: (texts) => texts.join(''),
  store: (text) => [...text.toWellFormed()],
}

export const listSequence: Sequence<'list', readonly Json[]> = {
  root: 'list',
  read: readValue,
  join: (lists) => lists.flat(1),
  store: (values) => values.map((value) => JSON.stringify(storedJson(value))),
}

/** A character of two units is one element, and has one id. */
function isCharacter(stored: string): boolean {
  const point = stored.codePointAt(0)
  return point !== undefined && stored.length === (point > 0xff_ff ? 2 : 1)
}

function readValue(stored: string): readonly Json[] | undefined {
  try {
    const value: unknown = JSON.parse(stored)
    return freezeJson(value) ? [value] : undefined
  } catch {
    return undefined
  }
}
