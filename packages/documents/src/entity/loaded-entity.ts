import { noStamp, RejoinError } from '@rejoin/base'
import type { EntityId } from '@rejoin/base'
import type { Author, Collection, Draft, Initial, PartDocument, View } from '@rejoin/schema'
import { canonicalOf } from '../view/canonical.ts'
import { Contests } from '../conflicts/contests.ts'
import type { ContestCounts } from '../conflicts/contests.ts'
import type { Conflict, Resolution, Resolved } from '../conflicts/conflict.ts'
import { disputesIn, noDisputes } from '../conflicts/disputes.ts'
import type { Disputes } from '../conflicts/disputes.ts'
import { conflictsIn, namesOf } from '../conflicts/listing.ts'
import type { Names } from '../conflicts/listing.ts'
import { resolutionsIn, resolveConflict } from '../conflicts/resolving.ts'
import { FieldAccess } from '../draft/scope.ts'
import { buildDraft } from '../draft/draft.ts'
import type { DraftRegisters } from '../draft/registers.ts'
import type { EngineDocument, Update } from '../engine.ts'
import { EntityDocuments } from './documents.ts'
import { EntityWriter, fieldNamed } from './writer.ts'
import type { DocumentUpdate, EditResult, Entity, EntityOptions, RepeatResult } from './entity.ts'
import { kinds } from '../fields/kinds.ts'
import { seedEntity } from './genesis.ts'
import type { DocumentChanges, DocumentHeirs } from '../history/document-changes.ts'
import { planRedo, planRevert } from '../history/repeating.ts'
import type { Repeating } from '../history/repeating.ts'
import { erase, lifeIn, writeCreation, writeDeletion, writePurge, writeReturn } from './life.ts'
import type { Life } from './life.ts'
import { SizeLimit } from './size-limit.ts'
import { readMisfits, readView } from '../view/view.ts'
import type { Misfit, ViewOptions } from '../view/view.ts'

export class LoadedEntity<C extends Collection> implements Entity<C> {
  readonly id: EntityId
  readonly #options: EntityOptions<C>
  readonly #documents: EntityDocuments
  readonly #writer: EntityWriter
  readonly #contests: Contests
  #draft: Draft<C, Author> | undefined
  #disposed = false

  constructor(options: EntityOptions<C>) {
    this.id = options.id
    this.#options = options
    this.#documents = new EntityDocuments(options.collection, options.engine, options.user, options)
    this.#contests = new Contests(options.collection)
    this.#writer = new EntityWriter(
      options,
      this.#documents,
      new SizeLimit(this.#documents, this.#name, options.limits),
    )
  }

  load(document: PartDocument, updates: readonly Update[]): void {
    this.#take(document, updates, 'loaded')
  }

  apply(document: PartDocument, updates: readonly Update[]): void {
    this.#take(document, updates, 'delivered')
  }

  edit<As extends Author>(as: As, change: (draft: Draft<C, As>) => void): EditResult {
    const { collection } = this.#options
    this.#draft ??= buildDraft(collection, this.#writer.scope)
    return this.#edit(as, () => change(this.#draft as Draft<C, As>))
  }

  bind(name: string, written: (update: DocumentUpdate) => void): EngineDocument {
    this.#idle()
    const { collection, clientIds, key, user } = this.#options
    const field = fieldNamed(collection, name)
    if (field.part === 'server')
      throw new RejoinError('read-only-part', `Field ${name} is in the server part; no editor writes it.`)
    if (field.part === 'owner' && user === undefined)
      throw new RejoinError('read-only-part', `Field ${name} is in the owner part, and this entity has no owner.`, {
        hint: 'Open the entity with `user`.',
      })
    const { document } = new FieldAccess(field, this.#writer.scope)
    if (document.field === '') throw new RejoinError('not-found', `Field ${name} has no document of its own to bind.`)
    const { part } = document
    const tell = (update: Update): void => written({ part, field: document.field, update, stamp: noStamp })
    return document.bind(key(document), clientIds, tell)
  }

  create(initial: Initial<C>): EditResult {
    return this.#write('user', () => {
      const life = this.life()
      if (life !== 'absent') throw new RejoinError('bad-id', `${this.#name} ${existing[life]}.`)
      this.#created()
      this.#initialise(initial)
    })
  }

  ensure(seed: Initial<C>): EditResult {
    this.#idle()
    if (this.life() !== 'absent') return { updates: [] }
    const { collection, engine, user, limits } = this.#options
    const seeded = seedEntity({ collection, id: this.id, engine, user, limits, seed })
    for (const { part, field, update } of seeded.updates) this.#documents.find({ part, field })?.apply([update])
    return seeded
  }

  delete(): EditResult {
    return this.#write('user', () => {
      if (this.life() === 'live') writeDeletion(this.#shared, this.#options.collection, this.#options.writer)
    })
  }

  undelete(): EditResult {
    return this.#write('user', () => {
      const life = this.life()
      if (life === 'purged') throw new RejoinError('not-found', `${this.#name} was purged; its content is gone.`)
      if (life === 'deleted') writeReturn(this.#shared)
    })
  }

  purge(): EditResult {
    return this.#write('user', () => {
      const life = this.life()
      if (life === 'absent') return
      erase(this.#options.collection, this.#documents, this.#options.user)
      if (life !== 'purged') writePurge(this.#shared)
    })
  }

  life(): Life {
    return lifeIn(this.#open(), this.#options.collection)
  }

  exists(): boolean {
    return this.life() === 'live'
  }

  view(options?: ViewOptions): View<C> {
    return readView(this.#options.collection, this.id, this.#open(), options)
  }

  misfits(): readonly Misfit[] {
    return readMisfits(this.#options.collection, this.id, this.#open())
  }

  conflicts(): readonly Conflict[] {
    return conflictsIn(this.#options.collection, this.#open(), this.#names)
  }

  resolve(conflict: Conflict, resolution: Resolution): EditResult {
    const { collection } = this.#options
    const as = conflict.part === 'server' ? 'server' : 'user'
    return this.#edit(as, () => resolveConflict(collection, this.#documents, this.#writer.scope, conflict, resolution))
  }

  resolutions(): readonly Resolved[] {
    return resolutionsIn(this.#options.collection, this.#open(), this.#names)
  }

  disputes(): Disputes {
    return this.exists() ? disputesIn(this.#options.collection, this.#documents) : noDisputes
  }

  contests(): ContestCounts {
    return this.#contests.counts
  }

  revert(edits: readonly DocumentChanges[]): RepeatResult {
    const heirs: DocumentHeirs[] = []
    return this.#repeated(
      this.#edit(authorOf(edits), () => planRevert(this.#repeating, edits, heirs)),
      heirs,
    )
  }

  redo(edits: readonly DocumentChanges[], options?: { readonly stamps: 'fresh' }): RepeatResult {
    const heirs: DocumentHeirs[] = []
    return this.#repeated(
      this.#write(authorOf(edits), () => planRedo(this.#repeating, edits, heirs, options?.stamps ?? 'kept')),
      heirs,
    )
  }

  canonical(): string {
    return canonicalOf(this.#options.collection, this.id, this.#open())
  }

  documents(): readonly PartDocument[] {
    return [...this.#open().all].filter(({ held }) => held).map(({ part, field }) => ({ part, field }))
  }

  snapshot(document: PartDocument): Update {
    return this.#open().require(document).stored.snapshot()
  }

  pending(): boolean {
    return [...this.#open().all].some((document) => document.opened && document.stored.pending())
  }

  dispose(): void {
    if (this.#disposed) return
    this.#idle()
    this.#disposed = true
    this.#documents.dispose()
  }

  get #name(): string {
    return `${this.#options.collection.name}/${this.id}`
  }

  get #shared(): DraftRegisters {
    return this.#documents.require({ part: 'shared', field: '' }).registers
  }

  get #names(): Names {
    return this.#options.names ?? namesOf(this.#options.clientIds, this.#options.writer)
  }

  get #repeating(): Repeating {
    const { collection, clientIds, writer } = this.#options
    // Another device of the same user is somebody else here.
    const { mine } = namesOf(clientIds, writer)
    return { collection, documents: this.#documents, scope: this.#writer.scope, mine }
  }

  #repeated(result: EditResult, heirs: readonly DocumentHeirs[]): RepeatResult {
    return { ...result, changes: result.changes ?? [], heirs }
  }

  #take(at: PartDocument, updates: readonly Update[], how: 'loaded' | 'delivered'): void {
    this.#idle()
    const document = this.#documents.find(at)
    if (document === undefined) return
    document.apply(updates)
    this.#contests.observe(document, how)
  }

  #created(): void {
    writeCreation(this.#shared)
  }

  #edit(as: Author, change: () => unknown): EditResult {
    const isSigned = as === 'user' && this.#options.collection.deletion === 'edit-wins'
    const checked = (): unknown => {
      this.#requireKept()
      return change()
    }
    return this.#write(as, checked, isSigned ? () => this.#signOfLife() : undefined)
  }

  /** Where edits win over deletions, every one of them leaves one. It brings nothing to life that was never created. */
  #signOfLife(): void {
    if (this.life() === 'live') this.#created()
  }

  #write(as: Author, change: () => unknown, after?: () => void): EditResult {
    this.#idle()
    return this.#writer.write(as, change, () => this.dispose(), after)
  }

  #initialise(initial: object): void {
    for (const [name, value] of Object.entries(initial)) {
      const field = fieldNamed(this.#options.collection, name)
      if (value !== undefined) kinds[field.kind].initialise(new FieldAccess(field, this.#writer.scope), value)
    }
  }

  #requireKept(): void {
    const life = this.life()
    if (life === 'deleted' || life === 'purged')
      throw new RejoinError('not-found', `${this.#name} ${existing[life]}.`, {
        hint: life === 'deleted' ? 'Call undelete before you edit it.' : undefined,
      })
  }

  #open(): EntityDocuments {
    if (this.#disposed) throw new RejoinError('closed', `${this.#name} was let go.`)
    return this.#documents
  }

  #idle(): void {
    this.#open()
    if (!this.#writer.busy) return
    throw new RejoinError('bad-config', `${this.#name} is being edited; finish that edit first.`, {
      hint: 'Do not edit, load or let go an entity inside the function given to its edit, or while that is written.',
    })
  }
}

const authorOf = (edits: readonly DocumentChanges[]): Author =>
  edits.some(({ part }) => part === 'server') ? 'server' : 'user'

const existing = {
  live: 'exists already',
  deleted: 'was deleted',
  purged: 'was purged',
  absent: 'does not exist',
} as const
