import type { EntityId, Stamp, UserId, WriterId } from '@rejoin/base'
import type { Author, Collection, Draft, Initial, PartDocument, View } from '@rejoin/schema'
import type { ContestCounts } from '../conflicts/contests.ts'
import type { Conflict, Resolution, Resolved } from '../conflicts/conflict.ts'
import type { Disputes } from '../conflicts/disputes.ts'
import type { Names } from '../conflicts/listing.ts'
import type { Engine, EngineDocument, Update } from '../engine.ts'
import type { Adoption } from './adoption.ts'
import type { ClientIdSource } from '../client-ids.ts'
import type { DocumentChanges, DocumentHeirs } from '../history/document-changes.ts'
import type { Life } from './life.ts'
import { LoadedEntity } from './loaded-entity.ts'
import type { Misfit, ViewOptions } from '../view/view.ts'

export interface EntityOptions<C extends Collection = Collection> extends Adoption {
  readonly collection: C
  readonly id: EntityId
  readonly engine: Engine
  /** Who writes; a tombstone names who deleted. */
  readonly writer: WriterId
  /** Whose part the fields of owners are written to; without it they are only read. */
  readonly user?: UserId | undefined
  readonly clientIds: ClientIdSource
  /** Names a document for `clientIds`. */
  key(document: PartDocument): string
  /** Asked at most once per edit, and only if the edit writes a register. */
  nextStamp(): Stamp
  readonly limits?: Partial<EntityLimits>
  /** Tells who made a write; without it writers are told apart by their CRDT client ids. */
  readonly names?: Names | undefined
  /** Asks for `changes` in the result of every edit; needed for undo. Read at each edit. */
  readonly capture?: boolean
}

export interface EntityLimits {
  /** What one edit may write into one document, about, in bytes: what a server would take as one entry. */
  readonly writeBytesMax: number
  /** Beyond this `onLarge` is told, once until the entity is loaded again; in bytes of its snapshots. */
  readonly entityBytesWarn: number
  /** Beyond this, edits that add anything are refused as `too-large`; in bytes of its snapshots. */
  readonly entityBytesMax: number
  onLarge(bytes: number): void
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
  /** What it did in terms of JSON, if the entity was made with `capture`. */
  readonly changes?: readonly DocumentChanges[]
}

/** An edit that was made of earlier ones. */
export interface RepeatResult extends EditResult {
  readonly changes: readonly DocumentChanges[]
  /** What was made again, for those who keep changes that name it. */
  readonly heirs: readonly DocumentHeirs[]
}

/** One schema'd thing in memory: its documents joined. Loaded to be edited or watched, then let go. */
export interface Entity<C extends Collection = Collection> {
  readonly id: EntityId
  /** Takes in what is stored of a document, before the first edit. Throws `undecodable`. */
  load(document: PartDocument, updates: readonly Update[]): void
  /** Takes in later updates from elsewhere. Throws `undecodable`. */
  apply(document: PartDocument, updates: readonly Update[]): void
  /** Runs the function on a draft and writes what it did to the author's parts, all or nothing. */
  edit<As extends Author>(as: As, change: (draft: Draft<C, As>) => void): EditResult
  /**
   * Opens the document of a text, rich text, blocks or list to the binding of an editor, which writes past `edit`. From then
   * on `written` gets each of its updates, once; bound again, the new one does in its place. Documents of a provider tell nothing. Throws `not-found` for a field without a document of its own.
   */
  bind(field: string, written: (update: DocumentUpdate) => void): EngineDocument
  /** Makes the entity exist, with its first values. Fails with `bad-id` if it does. */
  create(initial: Initial<C>): EditResult
  /**
   * Makes the entity exist if it does not, the same on every device that gives the same seed: done on two of them at
   * once it is there once, texts and counters too.
   */
  ensure(seed: Initial<C>): EditResult
  /** Leaves a tombstone; the content is kept. */
  delete(): EditResult
  /** Takes back a deletion, whoever made it. */
  undelete(): EditResult
  /**
   * Deletes the entity and erases the content of all parts that the user may write, for ever. What others had not sent
   * yet, and their own parts, another purge erases, of whoever may write them.
   */
  purge(): EditResult
  life(): Life
  /** Whether it is there: created, and neither deleted nor purged. */
  exists(): boolean
  view(options?: ViewOptions): View<C>
  /** What `view` leaves out because it does not fit the schema. */
  misfits(): readonly Misfit[]
  /** Values that are disputed and that the schema wants to be seen, by part and key. */
  conflicts(): readonly Conflict[]
  /**
   * Settles a conflict for everybody: the chosen value replaces those that were shown. Fails with `not-found` if it is
   * resolved already, `bad-value` if there is none such value, `read-only-part` in a part of somebody else.
   */
  resolve(conflict: Conflict, resolution: Resolution): EditResult
  /** What resolving has left in the entity: who, when, and what lost. */
  resolutions(): readonly Resolved[]
  /** What competes in it, for whoever keeps that beside the view; nothing unless it is there. */
  disputes(): Disputes
  /** How often deliveries brought concurrent writes of one value together, since the entity was loaded. */
  contests(): ContestCounts
  /**
   * Takes back what edits did, as far as nobody has changed it since: somebody else's writes stay as they are. What
   * cannot go back by its policy stays too.
   */
  revert(edits: readonly DocumentChanges[]): RepeatResult
  /**
   * Makes edits again, in documents from which they were taken out: their values with the stamps they had, unless
   * fresh ones are asked for, over no more than they had replaced; counters by how much they were changed. Fails with
   * `depends`, and writes nothing, if they name something that is not there.
   */
  redo(edits: readonly DocumentChanges[], options?: { readonly stamps: 'fresh' }): RepeatResult
  /** Equal on replicas that have the same updates; for comparing, by `canonicalHash`. */
  canonical(): string
  /** Documents of which anything is held. */
  documents(): readonly PartDocument[]
  snapshot(document: PartDocument): Update
  /** Whether a document waits for updates it has not seen. */
  pending(): boolean
  dispose(): void
}

export const createEntity = <C extends Collection>(options: EntityOptions<C>): Entity<C> => new LoadedEntity(options)
