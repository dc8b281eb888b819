import { noStamp, RejoinError } from '@rejoin/base'
import type { FieldName, Stamp } from '@rejoin/base'
import { documentOf, documentsOf } from '@rejoin/schema'
import type { Collection, Field, PartDocument, WritablePart } from '@rejoin/schema'
import { DraftRegisters } from './draft-registers.ts'
import type { DraftContent } from './draft-registers.ts'
import { DraftList, DraftText } from './draft-sequence.ts'
import type { Engine, EngineDocument, Update } from './engine.ts'

/** Hands out the CRDT client ids of one writer; `ClientIds` is one. */
export interface ClientIdSource {
  /** The id under which to write next to a document whose loaded state answers `clockOf`. */
  pick(documentKey: string, clockOf: (clientId: number) => number): number
  /** The clock of the id picked last for this document, after a write. */
  used(documentKey: string, clock: number): void
}

/** One document of an entity: the engine's, made when first needed, and what an edit has written for it. */
export class EntityDocument implements PartDocument {
  readonly part: WritablePart
  readonly field: FieldName | ''
  readonly #engine: Engine
  #document: EngineDocument | undefined
  #registers: DraftRegisters | undefined
  #text: DraftText | undefined
  #list: DraftList | undefined
  /** Undefined until a write, and again after remote updates, which could have brought our id from elsewhere. */
  #client: number | undefined
  #stamp: Stamp = noStamp
  readonly #flush = (): void => this.#content?.flush(this.#stamp)

  constructor({ part, field }: PartDocument, engine: Engine) {
    this.part = part
    this.field = field
    this.#engine = engine
  }

  get opened(): boolean {
    return this.#document !== undefined
  }

  get stored(): EngineDocument {
    return (this.#document ??= this.#engine.create())
  }

  get registers(): DraftRegisters {
    return (this.#registers ??= new DraftRegisters(this.stored.registers))
  }

  get text(): DraftText {
    return (this.#text ??= new DraftText(this.stored.text))
  }

  get list(): DraftList {
    return (this.#list ??= new DraftList(this.stored.list))
  }

  get dirty(): boolean {
    return this.#content?.dirty ?? false
  }

  /** Whether what waits needs a stamp. */
  get appends(): boolean {
    return this.#registers?.appends ?? false
  }

  apply(updates: readonly Update[]): void {
    this.#client = undefined
    try {
      this.stored.apply(updates)
    } finally {
      this.#content?.refresh()
    }
  }

  /** The client id under which the next write is made. */
  clientFor(key: string, clientIds: ClientIdSource): number {
    if (this.#client !== undefined) return this.#client
    const client = clientIds.pick(key, (id) => this.stored.clientClock(id))
    this.stored.setClient(client)
    this.#client = client
    return client
  }

  /** Writes what waits as one update; undefined if it changed nothing. */
  commit(key: string, clientIds: ClientIdSource, stamp: Stamp): Update | undefined {
    const document = this.stored
    const client = this.clientFor(key, clientIds)
    this.#stamp = stamp
    const update = document.transact(this.#flush)
    if (update !== undefined) clientIds.used(key, document.clientClock(client))
    return update
  }

  discard(): void {
    this.#content?.discard()
  }

  dispose(): void {
    this.#document?.dispose()
  }

  get #content(): DraftContent | undefined {
    return this.#registers ?? this.#text ?? this.#list
  }
}

/** The documents of one entity, in the order of the schema. Reading one that was never loaded reads it as empty. */
export class EntityDocuments {
  readonly all: readonly EntityDocument[]
  readonly #byName: ReadonlyMap<string, EntityDocument>

  constructor(collection: Collection, engine: Engine) {
    this.all = documentsOf(collection).map((document) => new EntityDocument(document, engine))
    this.#byName = new Map(this.all.map((document) => [nameOf(document), document]))
  }

  /** Undefined for a document of a field that this version of the schema does not have. */
  find(document: PartDocument): EntityDocument | undefined {
    return this.#byName.get(nameOf(document))
  }

  /** The document that holds this field's values. */
  of(field: Field): EntityDocument {
    return this.require(documentOf(field))
  }

  registersOf(part: WritablePart): EntityDocument | undefined {
    return this.find({ part, field: '' })
  }

  require(document: PartDocument): EntityDocument {
    const found = this.find(document)
    if (found === undefined) throw new RejoinError('not-found', `The schema has no document ${nameOf(document)}.`)
    return found
  }

  dispose(): void {
    for (const document of this.all) document.dispose()
  }
}

const nameOf = ({ part, field }: PartDocument): string => `${part}/${field}`
