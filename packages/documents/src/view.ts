import type { EntityId } from '@rejoin/base'
import { documentKey } from '@rejoin/base'
import { fieldsOf } from '@rejoin/schema'
import type { Collection, View } from '@rejoin/schema'
import type { Engine, Update } from './engine.ts'
import { EntityDocuments } from './entity-documents.ts'
import { kinds } from './fields/kinds.ts'

export interface ViewOptions {
  /** How much of each text to show, in UTF-16 code units; everything by default. */
  readonly textMax?: number
}

/** A stored value that does not fit the schema: written by a newer version, or by a hostile client. */
export interface Misfit {
  /** The field's name, or the stored key where the schema has no field for it. */
  readonly field: string
  readonly value: unknown
}

/** The key whose presence in the shared registers says that the entity exists; no field can have it. */
export const createdKey = '@created'

/** The entity as plain JSON, field by field in the order of the schema. Values that do not fit are left out. */
export function readView<C extends Collection>(
  collection: C,
  id: EntityId,
  documents: EntityDocuments,
  options?: ViewOptions,
): View<C> {
  return readFields(collection, id, documents, options, () => undefined) as View<C>
}

/** What the view leaves out. */
export function readMisfits(collection: Collection, id: EntityId, documents: EntityDocuments): readonly Misfit[] {
  const misfits: Misfit[] = []
  const misfit = (field: string, value: unknown): unknown => misfits.push({ field, value })
  readFields(collection, id, documents, undefined, misfit)
  readStrangers(collection, documents, misfit)
  return misfits
}

/**
 * A view straight from stored bytes, for lists: loads, reads and lets go. `documents` holds the updates by
 * document key; a document that is missing reads as empty. Undefined if the entity does not exist.
 */
export function viewOf<C extends Collection>(
  collection: C,
  id: EntityId,
  engine: Engine,
  documents: ReadonlyMap<string, readonly Update[]>,
  options?: ViewOptions,
): View<C> | undefined {
  const loaded = new EntityDocuments(collection, engine)
  try {
    for (const document of loaded.all) {
      const { part, field } = document
      const updates = documents.get(documentKey({ collection: collection.name, entity: id, part, field }))
      if (updates !== undefined && updates.length > 0) document.apply(updates)
      // The shared registers come first: without them nothing else is worth loading.
      if (part === 'shared' && field === '' && !existsIn(loaded)) return undefined
    }
    return readView(collection, id, loaded, options)
  } finally {
    loaded.dispose()
  }
}

/** Whether the entity exists: its shared registers say that somebody created it. */
export function existsIn(documents: EntityDocuments): boolean {
  const registers = documents.registersOf('shared')
  return registers !== undefined && registers.opened && registers.registers.has(createdKey)
}

function readFields(
  collection: Collection,
  id: EntityId,
  documents: EntityDocuments,
  options: ViewOptions | undefined,
  misfit: (field: string, value: unknown) => void,
): Record<string, unknown> {
  const reading = { documents, textMax: options?.textMax, misfit }
  const view: Record<string, unknown> = { id }
  for (const field of fieldsOf(collection)) view[field.name] = kinds[field.kind].read(field, reading)
  return view
}

/** Registers for which the schema has no field. Keys that begin with @ are ours. */
function readStrangers(
  collection: Collection,
  documents: EntityDocuments,
  misfit: (field: string, value: unknown) => void,
): void {
  for (const document of documents.all) {
    if (document.field !== '' || !document.opened) continue
    const known = new Map(
      fieldsOf(collection)
        .filter(({ part }) => part === document.part)
        .map((field) => [field.key as string, kinds[field.kind].keys]),
    )
    for (const key of [...document.stored.registers.keys()].sort()) {
      const slash = key.indexOf('/')
      const keys = slash < 0 ? 'one' : 'family'
      if (!key.startsWith('@') && known.get(slash < 0 ? key : key.slice(0, slash)) !== keys)
        misfit(key, document.stored.registers.survivors(key).at(-1)?.value)
    }
  }
}
