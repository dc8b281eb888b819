import * as Y from 'yjs'
import type { Json } from '../engine.ts'
import { freezeJson, storedJson, wellFormed } from '../content/json.ts'
import { rootNames } from './roots.ts'

/** What can be read of an item from one clock on. */
interface Piece<Content> {
  readonly clock: number
  readonly content: Content
}

/** A root whose elements stand in a row. */
export interface Sequence<Root extends 'text' | 'list', Content extends { readonly length: number }> {
  readonly root: Root
  typeOf(doc: Y.Doc): Y.Text | Y.Array<unknown>
  /** Leaves out what is not of ours: each unit or value has its clock, so this can leave gaps. */
  read(item: Y.Item): readonly Piece<Content>[]
  slice(content: Content, from: number, to: number): Content
  join(contents: readonly Content[]): Content
  /** Throws `bad-value` on what cannot be stored. */
  store(content: Content): Y.ContentString | Y.ContentAny
}

export const textSequence: Sequence<'text', string> = {
  root: 'text',
  typeOf: (doc) => doc.getText(rootNames.text),
  read: ({ id, content }) => (content instanceof Y.ContentString ? [{ clock: id.clock, content: content.str }] : []),
  slice: (text, from, to) => text.slice(from, to),
  join: (texts) => texts.join(''),
  store: (text) => new Y.ContentString(wellFormed(text)),
}

export const listSequence: Sequence<'list', readonly Json[]> = {
  root: 'list',
  typeOf: (doc) => doc.getArray(rootNames.list),
  read: readValues,
  slice: (values, from, to) => values.slice(from, to),
  join: (lists) => lists.flat(),
  store: (values) => new Y.ContentAny(values.map(storedJson)),
}

function readValues(item: Y.Item): readonly Piece<readonly Json[]>[] {
  if (!item.countable) return []
  const pieces: { clock: number; content: Json[] }[] = []
  let clock = item.id.clock
  for (const value of item.content.getContent() as unknown[]) {
    const last = pieces.at(-1)
    if (freezeJson(value)) {
      if (last !== undefined && last.clock + last.content.length === clock) last.content.push(value)
      else pieces.push({ clock, content: [value] })
    }
    clock++
  }
  return pieces
}
