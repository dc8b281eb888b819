import { noStamp, RejoinError } from '@rejoin/base'
import type { EntityId, Stamp, WriterId } from '@rejoin/base'
import { badValue } from '@rejoin/schema'
import type { Collection, Draft, Field, Initial, PartDocument, View, WritablePart } from '@rejoin/schema'
import { canonicalOf } from './canonical.ts'
import { EditScope } from './draft-scope.ts'
import { buildDraft } from './draft.ts'
import type { Engine, Update } from './engine.ts'
import { EntityDocuments } from './entity-documents.ts'
import type { ClientIdSource, EntityDocument } from './entity-documents.ts'
import { kinds } from './fields/kinds.ts'
import { createdKey, existsIn, readMisfits, readView } from './view.ts'
import type { Misfit, ViewOptions } from './view.ts'

export interface EntityOptions<C extends Collection = Collection> {
  readonly collection: C
  readonly id: EntityId
  readonly engine: Engine
  /** Who writes; the mark that an entity exists names its creator. */
  readonly writer: WriterId
  readonly clientIds: ClientIdSource
  /** Names a document for `clientIds`. */
  key(document: PartDocument): string
  /** Asked at most once per edit, and only if the edit writes a register. */
  nextStamp(): Stamp
}

/** What one edit did to one document. */
export interface DocumentUpdate extends PartDocument {
  readonly update: Update
  /** At least as great as the stamps in the update; the same for all documents of the edit. */
  readonly stamp: Stamp
}

export interface EditResult {
  /** Empty if the edit changed nothing or failed. */
  readonly updates: readonly DocumentUpdate[]
  /** What the function threw; then nothing was written. */
  readonly error?: unknown
}

/** One schema'd thing in memory: its documents joined. Loaded to be edited or watched, then let go. */
export interface Entity<C extends Collection = Collection> {
  readonly id: EntityId
  /** Takes in what is stored of a document, before the first edit. Throws `undecodable`. */
  load(document: PartDocument, updates: readonly Update[]): void
  /** Takes in later updates from elsewhere. Throws `undecodable`. */
  apply(document: PartDocument, updates: readonly Update[]): void
  /** Runs the function on a draft and writes what it did to one part, all or nothing. */
  edit<P extends WritablePart>(write: P, change: (draft: Draft<C, P>) => void): EditResult
  /** Makes the entity exist, with its first values. */
  create(initial: Initial<C>): EditResult
  exists(): boolean
  view(options?: ViewOptions): View<C>
  /** What `view` leaves out because it does not fit the schema. */
  misfits(): readonly Misfit[]
  /** Equal on replicas that have the same updates; for comparing, by `canonicalHash`. */
  canonical(): string
  snapshot(document: PartDocument): Update
  /** Whether a document waits for updates it has not seen. */
  pending(): boolean
  dispose(): void
}

export const createEntity = <C extends Collection>(options: EntityOptions<C>): Entity<C> => new LoadedEntity(options)

class LoadedEntity<C extends Collection> implements Entity<C> {
  readonly id: EntityId
  readonly #options: EntityOptions<C>
  readonly #documents: EntityDocuments
  readonly #scope: EditScope
  #draft: Draft<C, WritablePart> | undefined
  #disposed = false

  constructor(options: EntityOptions<C>) {
    this.id = options.id
    this.#options = options
    this.#documents = new EntityDocuments(options.collection, options.engine)
    const { key, clientIds } = options
    this.#scope = new EditScope(this.#documents, (document) => document.clientFor(key(document), clientIds))
  }

  load(document: PartDocument, updates: readonly Update[]): void {
    this.#idle()
    this.#documents.find(document)?.apply(updates)
  }

  apply(document: PartDocument, updates: readonly Update[]): void {
    this.load(document, updates)
  }

  edit<P extends WritablePart>(write: P, change: (draft: Draft<C, P>) => void): EditResult {
    this.#draft ??= buildDraft(this.#options.collection, this.#scope)
    return this.#write(write, () => change(this.#draft as Draft<C, P>))
  }

  create(initial: Initial<C>): EditResult {
    return this.#write('shared', () => {
      if (this.exists()) throw new RejoinError('bad-id', `${this.#options.collection.name}/${this.id} exists already.`)
      this.#documents.registersOf('shared')?.registers.put(createdKey, this.#options.writer)
      for (const [name, value] of Object.entries(initial)) if (value !== undefined) this.#initialise(name, value)
    })
  }

  exists(): boolean {
    return existsIn(this.#open())
  }

  view(options?: ViewOptions): View<C> {
    return readView(this.#options.collection, this.id, this.#open(), options)
  }

  misfits(): readonly Misfit[] {
    return readMisfits(this.#options.collection, this.id, this.#open())
  }

  canonical(): string {
    return canonicalOf(this.#options.collection, this.id, this.#open())
  }

  snapshot(document: PartDocument): Update {
    return this.#open().require(document).stored.snapshot()
  }

  pending(): boolean {
    return this.#open().all.some((document) => document.opened && document.stored.pending())
  }

  dispose(): void {
    if (this.#disposed) return
    this.#idle()
    this.#disposed = true
    this.#documents.dispose()
  }

  #write(part: WritablePart, change: () => unknown): EditResult {
    this.#idle()
    this.#scope.part = part
    this.#scope.unchecked = undefined
    try {
      const returned = change()
      if (returned instanceof Promise) throw refuseAsync(returned)
    } catch (error) {
      return this.#dropped(error ?? new Error('The edit threw nothing.'))
    } finally {
      this.#scope.part = undefined
    }
    return this.#commit()
  }

  /** Only documents of the part written can be dirty: the scope saw to it. */
  #commit(): EditResult {
    const dirty = this.#documents.all.filter((document) => document.dirty)
    const field = this.#scope.unchecked
    const first = field && this.#documents.of(field)
    const written = new Map<EntityDocument, Update | undefined>()
    try {
      if (first !== undefined) written.set(first, this.#flush(first, noStamp))
      const stamp = dirty.some((document) => document.appends) ? this.#options.nextStamp() : noStamp
      for (const document of dirty) if (document !== first) written.set(document, this.#flush(document, stamp))
      return { updates: dirty.flatMap((document) => toUpdate(document, written.get(document), stamp)) }
    } catch (cause) {
      if (field !== undefined && written.size === 0 && isBadValue(cause)) return this.#refused(field, cause)
      // What was written has no update that anyone will store: the entity cannot be used on.
      this.dispose()
      throw cause
    }
  }

  #flush(document: EntityDocument, stamp: Stamp): Update | undefined {
    return document.commit(this.#options.key(document), this.#options.clientIds, stamp)
  }

  #refused(field: Field, cause: RejoinError): EditResult {
    return this.#dropped(badValue(field, cause.message.replace(/\.$/, '')))
  }

  #dropped(error: unknown): EditResult {
    for (const document of this.#documents.all) document.discard()
    return { updates: [], error }
  }

  #initialise(name: string, value: unknown): void {
    const { collection } = this.#options
    const field = Object.hasOwn(collection.fields, name) ? collection.fields[name] : undefined
    if (field === undefined) throw new RejoinError('bad-value', `Collection ${collection.name} has no field ${name}.`)
    kinds[field.kind].initialise(field, this.#scope, value)
  }

  #open(): EntityDocuments {
    if (this.#disposed) throw new RejoinError('closed', `${this.#options.collection.name}/${this.id} was let go.`)
    return this.#documents
  }

  #idle(): void {
    this.#open()
    if (this.#scope.part === undefined) return
    const what = `${this.#options.collection.name}/${this.id} is being edited; finish that edit first.`
    throw new RejoinError('bad-config', what, {
      hint: 'Do not edit, load or let go an entity inside the function given to its edit.',
    })
  }
}

const toUpdate = (document: EntityDocument, update: Update | undefined, stamp: Stamp): readonly DocumentUpdate[] =>
  update === undefined ? [] : [{ part: document.part, field: document.field, update, stamp }]

const isBadValue = (error: unknown): error is RejoinError => error instanceof RejoinError && error.kind === 'bad-value'

function refuseAsync(returned: Promise<unknown>): RejoinError {
  returned.catch(() => undefined)
  return new RejoinError('bad-config', 'The function given to edit returned a promise.', {
    hint: 'Await before the edit: what an edit does has to happen at once.',
  })
}
