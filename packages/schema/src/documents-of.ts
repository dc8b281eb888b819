import { isId } from '@rejoin/base'
import type { FieldName, Part, UserId } from '@rejoin/base'
import { fieldsOf } from './collection.ts'
import type { Collection } from './collection.ts'
import type { Field, FieldKind, FieldWriter } from './field.ts'

/** One of an entity's documents; `field` is the wire key of a text or list, or empty for the part's registers. */
export interface PartDocument {
  readonly part: Part
  readonly field: FieldName | ''
}

/**
 * The documents of every entity of the collection, in a fixed order, and those of one user's part of it. Registers,
 * sets, counters and the like of a part share one; each text and list has its own. The shared registers always exist:
 * they say that the entity does.
 */
export function documentsOf(collection: Collection, user?: UserId): readonly PartDocument[] {
  const { shared, server, owner } = layoutOf(collection)
  const owned = user === undefined ? [] : owner.map((field) => ({ part: `owner:${user}` as const, field }))
  return [
    ...shared.map((field) => ({ part: 'shared' as const, field })),
    ...server.map((field) => ({ part: 'server' as const, field })),
    ...owned,
  ]
}

/** Whether entities of the collection have this document; asked of what others sent, too. */
export const hasDocument = (collection: Collection, { part, field }: PartDocument): boolean =>
  isPart(part) && layoutOf(collection)[writerOf(part)].includes(field)

const isPart = (part: string): boolean =>
  part === 'shared' || part === 'server' || (part.startsWith('owner:') && isId(part.slice('owner:'.length)))

/** Who writes a part. */
export const writerOf = (part: Part): FieldWriter => (part === 'shared' || part === 'server' ? part : 'owner')

/** Which documents a part has, by the field they are named for. */
type Layout = Readonly<Record<FieldWriter, readonly (FieldName | '')[]>>

/** Asked for each entity of a list view. */
const layouts = new WeakMap<Collection, Layout>()

function layoutOf(collection: Collection): Layout {
  const known = layouts.get(collection)
  if (known !== undefined) return known
  const fields = fieldsOf(collection)
  const of = (part: FieldWriter): readonly (FieldName | '')[] => {
    const own = fields.filter((field) => field.part === part)
    const hasRegisters = part === 'shared' || own.some((field) => !hasOwnDocument(field.kind))
    return [
      ...(hasRegisters ? ['' as const] : []),
      ...own.filter(({ kind }) => hasOwnDocument(kind)).map(({ key }) => key),
    ]
  }
  const layout = { shared: of('shared'), server: of('server'), owner: of('owner') }
  layouts.set(collection, layout)
  return layout
}

/** The name of the document, inside a part, in which a field's values are. */
export const documentOf = (field: Field): FieldName | '' => (hasOwnDocument(field.kind) ? field.key : '')

const ownDocument: ReadonlySet<FieldKind> = new Set(['text', 'richText', 'blocks', 'list'])
const hasOwnDocument = (kind: FieldKind): boolean => ownDocument.has(kind)
