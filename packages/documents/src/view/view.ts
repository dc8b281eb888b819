import { rootKey } from '@rejoin/base'
import type { EntityId } from '@rejoin/base'
import { fieldsOf, reasonOf, toJson } from '@rejoin/schema'
import type { Collection, Field, PartDocument, View } from '@rejoin/schema'
import type { Engine, Update } from '../engine.ts'
import { EntityDocuments } from '../entity/documents.ts'
import type { EntityDocument } from '../entity/document.ts'
import { kinds } from '../fields/kinds.ts'
import { lifeIn } from '../entity/life.ts'
import type { Life } from '../entity/life.ts'

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

type ReportMisfit = (field: string, value: unknown) => void

/** The entity as plain JSON, field by field in the order of the schema. Values that do not fit are left out. */
export function readView<C extends Collection>(
  collection: C,
  id: EntityId,
  documents: EntityDocuments,
  options?: ViewOptions,
): View<C> {
  return withDerived(collection, readFields(collection, id, documents, options), ignore) as View<C>
}

/** What the view leaves out. */
export function readMisfits(collection: Collection, id: EntityId, documents: EntityDocuments): readonly Misfit[] {
  const misfits: Misfit[] = []
  const fields = readStored(collection, id, documents, misfits)
  withDerived(collection, fields, (field, value) => misfits.push({ field, value }))
  return misfits
}

/** The fields of the view, and what does not fit into it: a function of what is stored and of no derivation. */
export function readStored(
  collection: Collection,
  id: EntityId,
  documents: EntityDocuments,
  misfits: Misfit[],
): Record<string, unknown> {
  const misfit = (field: string, value: unknown): unknown => misfits.push({ field, value })
  const fields = readFields(collection, id, documents, undefined, misfit)
  readStrangers(collection, documents, misfit)
  return fields
}

/**
 * A view straight from stored bytes, for lists: loads, reads and lets go. `stored` holds the updates by
 * document key; a document that is missing reads as empty. Undefined if the entity does not exist.
 */
export function viewOf<C extends Collection>(
  collection: C,
  id: EntityId,
  engine: Engine,
  stored: ReadonlyMap<string, readonly Update[]>,
  options?: ViewOptions,
): View<C> | undefined {
  return readBytes(collection, id, engine, stored, (documents, life) =>
    life === 'live' ? readView(collection, id, documents, options) : undefined,
  )
}

/** Loads what is stored, has it read, and lets it go. Of an entity that is not there no more than tells so. */
export function readBytes<T>(
  collection: Collection,
  id: EntityId,
  engine: Engine,
  stored: ReadonlyMap<string, readonly Update[]>,
  read: (documents: EntityDocuments, life: Life) => T,
): T {
  const documents = new EntityDocuments(collection, engine)
  try {
    // The shared registers come first: without them nothing else is worth loading.
    const root = rootKey({ collection: collection.name, entity: id })
    documents.registersOf('shared')?.load(stored.get(root) ?? [])
    const life = lifeIn(documents, collection)
    for (const [key, updates] of life === 'live' ? stored : []) {
      const at = key === root ? undefined : addressed(key, collection, id)
      if (at !== undefined) documents.find(at)?.load(updates)
    }
    return read(documents, life)
  } finally {
    documents.dispose()
  }
}

/** Which of the entity's documents this is; undefined if it is of another one, or of none that there can be. */
function addressed(key: string, { name }: Collection, id: EntityId): PartDocument | undefined {
  const prefix = `${name}/${id}/`
  const [part, field, ...rest] = key.startsWith(prefix) ? key.slice(prefix.length).split('/') : []
  return part === undefined || field === undefined || rest.length > 0 ? undefined : ({ part, field } as PartDocument)
}

function readFields(
  collection: Collection,
  id: EntityId,
  documents: EntityDocuments,
  options: ViewOptions | undefined,
  misfit?: ReportMisfit,
): Record<string, unknown> {
  const view: Record<string, unknown> = { id }
  const textMax = options?.textMax
  for (const field of fieldsOf(collection)) {
    const { name, kind, part } = field
    const report = misfit === undefined ? ignore : (value: unknown): void => misfit(name, value)
    if (part === 'owner') view[name] = readOwned(documents, field, textMax, report)
    else
      view[name] = kinds[kind].read({ field, document: ifOpened(documents.of(field, part)), textMax, misfit: report })
  }
  return view
}

const ignore = (): void => undefined

const ifOpened = (document: EntityDocument): EntityDocument | undefined => (document.opened ? document : undefined)

/** By user, without those who have written nothing. */
function readOwned(
  documents: EntityDocuments,
  field: Field,
  textMax: number | undefined,
  misfit: (value: unknown) => void,
): Record<string, unknown> {
  const { read } = kinds[field.kind]
  const values = documents
    .owned(field)
    .map(([user, document]) => [user, read({ field, document, textMax, misfit })] as const)
  return Object.fromEntries(values.filter(([, value]) => !isBlank(field, value)))
}

/** A register with 0, or an empty text or list, was written; the other kinds are so before anybody writes. */
function isBlank({ kind }: Field, value: unknown): boolean {
  if (value === undefined || kind === 'register') return value === undefined
  if (value === '' || value === 0) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Each derived value sees the fields, and no other one. */
function withDerived(
  { derive }: Collection,
  fields: Record<string, unknown>,
  misfit: ReportMisfit,
): Record<string, unknown> {
  const names = Object.keys(derive)
  if (names.length === 0) return fields
  const seen = { ...fields }
  freeze(seen)
  for (const name of names) fields[name] = derived(name, derive[name], seen, misfit)
  return fields
}

/** With everything in it: what an app's function changed would show in the view. */
function freeze(value: object): void {
  if (Object.isFrozen(value)) return
  const members: readonly unknown[] = Object.values(value)
  for (const member of members) if (typeof member === 'object' && member !== null) freeze(member)
  Object.freeze(value)
}

/** What an app's function throws, or gives that is no JSON, is left out of the view. */
function derived(name: string, derive: Derivation | undefined, view: object, misfit: ReportMisfit): unknown {
  try {
    const value = derive?.(view as never)
    if (value === undefined) return undefined
    const json = toJson(value)
    if (json.ok) return json.value
    misfit(name, json.error)
  } catch (cause) {
    misfit(name, reasonOf(cause))
  }
  return undefined
}

type Derivation = (view: never) => unknown

/** Registers for which the schema has no field. Keys that begin with @ are ours. */
function readStrangers(collection: Collection, documents: EntityDocuments, misfit: ReportMisfit): void {
  for (const document of documents.all) {
    if (document.field !== '' || !document.opened) continue
    const known = knownKeys(collection, document)
    for (const key of [...document.stored.registers.keys()].sort()) {
      const slash = key.indexOf('/')
      const keys = slash < 0 ? 'one' : 'family'
      if (!key.startsWith('@') && known.get(slash < 0 ? key : key.slice(0, slash)) !== keys)
        misfit(key, document.stored.registers.survivors(key).at(-1)?.value)
    }
  }
}

/** The keys of the fields in this part, those of older forms too, and whether they stand alone or begin a family. */
function knownKeys(collection: Collection, { part }: EntityDocument): ReadonlyMap<string, string> {
  const own = fieldsOf(collection).filter((field) =>
    field.part === 'owner' ? part.startsWith('owner:') : field.part === part,
  )
  return new Map(
    own.flatMap(({ key, kind, lens }) =>
      [key, ...(lens === undefined ? [] : [lens.from])].map((one) => [one, kinds[kind].keys]),
    ),
  )
}
