import { RejoinError } from '@rejoin/base'
import type { FieldName, Part, UserId } from '@rejoin/base'
import { documentOf, documentsOf, hasDocument } from '@rejoin/schema'
import type { Collection, Field, PartDocument } from '@rejoin/schema'
import type { Engine } from '../engine.ts'
import type { Adoption } from './adoption.ts'
import { EntityDocument } from './document.ts'

/**
 * The documents of one entity: shared, the server's, and of each user's part those that were asked for. Reading one that
 * was never loaded reads it as empty.
 */
export class EntityDocuments {
  readonly #collection: Collection
  readonly #engine: Engine
  readonly #adoption: Adoption
  readonly #byName = new Map<string, EntityDocument>()

  constructor(collection: Collection, engine: Engine, user?: UserId, adoption: Adoption = {}) {
    this.#collection = collection
    this.#engine = engine
    this.#adoption = adoption
    for (const at of documentsOf(collection, user)) this.#make(at)
  }

  get all(): Iterable<EntityDocument> {
    return this.#byName.values()
  }

  /** Undefined for a document of a field that this version of the schema does not have. */
  find({ part, field }: PartDocument): EntityDocument | undefined {
    return this.#find(part, field)
  }

  /** The document that holds this field's values in the part. */
  of(field: Field, part: Part): EntityDocument {
    return this.#require(part, documentOf(field))
  }

  /** Every user's document of a field that has one for each, by user; those that hold anything. */
  owned(field: Field): readonly (readonly [UserId, EntityDocument])[] {
    const name = documentOf(field)
    const owned: [UserId, EntityDocument][] = []
    for (const document of this.#byName.values())
      if (document.field === name && document.part.startsWith(ownerPrefix) && document.opened)
        owned.push([document.part.slice(ownerPrefix.length) as UserId, document])
    return owned.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** An empty document that belongs to nobody, to be read only. */
  blank(field: Field): EntityDocument {
    return new EntityDocument({ part: 'shared', field: documentOf(field) }, this.#engine)
  }

  registersOf(part: Part): EntityDocument | undefined {
    return this.#find(part, '')
  }

  require({ part, field }: PartDocument): EntityDocument {
    return this.#require(part, field)
  }

  dispose(): void {
    for (const document of this.#byName.values()) document.dispose()
  }

  #find(part: Part, field: FieldName | ''): EntityDocument | undefined {
    const known = this.#byName.get(nameOf(part, field))
    if (known !== undefined || !hasDocument(this.#collection, { part, field })) return known
    return this.#make({ part, field })
  }

  #require(part: Part, field: FieldName | ''): EntityDocument {
    const found = this.#find(part, field)
    if (found !== undefined) return found
    throw new RejoinError('not-found', `The schema has no document ${part}/${field}.`)
  }

  #make(at: PartDocument): EntityDocument {
    const document = new EntityDocument(at, this.#engine, this.#adoption)
    this.#byName.set(nameOf(at.part, at.field), document)
    return document
  }
}

const ownerPrefix = 'owner:'
/** Those of registers are asked for most, and need no text made. */
const nameOf = (part: Part, field: FieldName | ''): string => (field === '' ? part : `${field}/${part}`)
