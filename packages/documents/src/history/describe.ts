import { wallOf } from '@rejoin/base'
import type { Part } from '@rejoin/base'
import type { Collection, Json } from '@rejoin/schema'
import type { Change, RegisterChange } from '../engine.ts'
import type { DocumentChanges } from './document-changes.ts'
import { fieldOfKey, increment } from './split.ts'

/** What an edit did, for people: one for each value, text or element that it touched. */
export interface FieldChange {
  /** The field's name, or the stored key where the schema has no field for it. */
  readonly field: string
  readonly part: Part
  /** In a map the member, in a movable list or tree the id of the item. */
  readonly member?: string
  /** The value before; undefined if there was none. For a text or list what was deleted, for a set the element. */
  readonly before?: Json
  /** The value after; undefined if it was taken away. For a text or list what was inserted, for a set the element. */
  readonly after?: Json
  /** By how much a counter changed. */
  readonly added?: number
  /** An item of a movable list or tree was put elsewhere. */
  readonly moved?: true
  /** It also put marks on the text, or changed blocks, which is not told further. */
  readonly untold?: true
  /** Milliseconds since 1970, by the hybrid clock of who wrote it, where a value was written. */
  readonly at?: number
}

/** Changes in the terms of the schema: the history of an entity, and what a quarantined write wanted. */
export function describeChanges(collection: Collection, edits: readonly DocumentChanges[]): readonly FieldChange[] {
  return edits.flatMap((edit) => edit.changes.map((change) => describe(collection, edit, change)))
}

function describe(collection: Collection, at: DocumentChanges, change: Change): FieldChange {
  const { part } = at
  if (change.root === 'registers') return describeRegister(collection, at, change)
  const field = Object.values(collection.fields).find(({ key }) => key === at.field)?.name ?? at.field
  if (change.root === 'untold') return { field, part, untold: true }
  return 'insert' in change ? { field, part, after: change.insert } : { field, part, before: change.delete }
}

function describeRegister(collection: Collection, at: DocumentChanges, change: RegisterChange): FieldChange {
  const { part } = at
  const { key, wrote, removed } = change
  const field = fieldOfKey(collection, at, key)
  const when = wrote === undefined ? {} : { at: wallOf(wrote.stamp) }
  if (field === undefined) return { field: key, part, ...values(removed.at(-1)?.value, wrote?.value), ...when }
  const about = { field: field.name, part, ...when }
  const rest = key.slice(key.indexOf('/') + 1)
  switch (field.kind) {
    case 'counter':
      return { ...about, added: increment(change) }
    case 'set':
    case 'growSet':
      return { ...about, ...(wrote === undefined ? { before: elementOf(rest) } : { after: elementOf(rest) }) }
    case 'register':
      return { ...about, ...values(removed.at(-1)?.value, wrote?.value) }
    case 'map':
      return { ...about, member: rest, ...values(removed.at(-1)?.value, wrote?.value) }
    default:
      return { ...about, ...describeItem(rest, change) }
  }
}

const values = (before: Json | undefined, after: Json | undefined): Pick<FieldChange, 'before' | 'after'> => ({
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
})

/** An item is made with its value first; later values and places have registers of their own. */
function describeItem(rest: string, { wrote, removed }: RegisterChange): Partial<FieldChange> {
  const [member = '', which] = rest.split('/')
  if (which === 'p') return { member, moved: true }
  const valueOf = (stored: Json | undefined): Json | undefined =>
    which === undefined && Array.isArray(stored) ? stored[0] : stored
  return { member, ...values(valueOf(removed.at(-1)?.value), valueOf(wrote?.value)) }
}

function elementOf(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
