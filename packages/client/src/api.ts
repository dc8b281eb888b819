import type { EntityId, ErrorKind, Lane, SpaceId } from '@rejoin/base'
import type {
  ContestCounts,
  Conflict,
  EngineDocument,
  FieldChange,
  Life,
  Misfit,
  Resolution,
  Resolved,
} from '@rejoin/documents'
import type { Collection, Draft, Initial, Query, View } from '@rejoin/schema'

/** The collections of an app by the name under which it uses them: `rejoin.notes` for `{ notes }`. */
export type Collections = Readonly<Record<string, Collection>>

/**
 * Where a write is on its way: `memory` (applied here), `device` (on this device's disk), `stored` (on the
 * server's disk), or `rejected` (kept in quarantine, with a reason).
 */
export type ReceiptState = 'memory' | 'device' | 'stored' | 'rejected'

export interface Receipt {
  /** Names the transaction for ever; `rejoin.receipts.find(id)` answers after a restart too. */
  readonly id: string
  readonly state: ReceiptState
  /**
   * Resolves when this device's disk has it. While the store refuses it waits, and is tried again; it rejects with the
   * store's reason if the replica is closed before.
   */
  readonly device: Promise<void>
  /**
   * Resolves when the server's disk has it; rejects with one RejoinError whose kind says why it was refused, or with
   * `closed` if the replica is closed before the answer: then ask `rejoin.receipts.find(id)` after the next open.
   */
  readonly stored: Promise<void>
}

export interface EditOptions {
  /** How urgent the write is; `normal` unless told. */
  readonly lane?: Lane
}

/** What can be taken back of an entity. */
export interface UndoState {
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Why nothing of before can be undone: the server refused a write, and the entity was built anew without it. */
  readonly ended: 'rebuilt' | undefined
}

export interface EntityHandle<C extends Collection> extends AsyncDisposable {
  readonly id: EntityId
  readonly space: SpaceId
  /** Whether it is there. `absent`: the server refused its creation. */
  readonly life: Life
  /**
   * Applies at once and returns. Throws what `change` throws, `bad-value`, `read-only-part`, `too-large`, `not-found`
   * (it was deleted, or the server refused its creation) or `closed`, and then nothing has changed.
   */
  edit(change: (draft: Draft<C>) => void, options?: EditOptions): Receipt
  /**
   * Opens a text, rich text, blocks or list to an editor: `attach` gets its document now, and again whenever the entity
   * had to be built anew, because the server refused something: attach the editor to the new one then. What the
   * binding needs, `underlying` of `@rejoin/documents/yjs` takes out of it. What the editor writes is stored and sent as
   * edits are. Returns what ends the calls of `attach`. Throws `not-found`, `read-only-part` or `closed`.
   */
  bind(field: string, attach: (document: EngineDocument) => void, options?: EditOptions): () => void
  /** Leaves a tombstone: lists leave it out and it takes no more edits, its content is kept. */
  delete(options?: EditOptions): Receipt
  /** Takes back a deletion, whoever made it. Throws `not-found` if it was purged. */
  undelete(options?: EditOptions): Receipt
  /** Deletes it and erases what users may write of it, for ever. */
  purge(options?: EditOptions): Receipt
  /** The entity now, whole texts included. */
  view(): View<C>
  /** Calls `show` now and after every change, at most once per commit. Returns what ends it. */
  watch(show: (view: View<C>) => void): () => void
  /** What the view leaves out because it does not fit the schema. */
  misfits(): readonly Misfit[]
  /** Values that are disputed and that the schema wants to be seen. */
  conflicts(): readonly Conflict[]
  /**
   * Settles a conflict for everybody: the chosen value replaces those that were shown. Throws `not-found` if it is
   * resolved already, `bad-value` if there is none such value, `read-only-part` in a part of somebody else.
   */
  resolve(conflict: Conflict, resolution: Resolution, options?: EditOptions): Receipt
  /** What resolving has left in the entity: who, when, and what lost. */
  resolutions(): readonly Resolved[]
  /**
   * Takes back the last edit of this entity that was made on this device, as far as nobody has changed the same since;
   * other devices, of the same user too, are never undone. Undefined if there is none. `bad-config` unless the entity
   * was opened with `undo`.
   */
  undo(options?: EditOptions): Receipt | undefined
  /** Takes back the last undo that no edit has followed. */
  redo(options?: EditOptions): Receipt | undefined
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Calls `show` now and whenever it is another. Returns what ends it. */
  watchUndo(show: (state: UndoState) => void): () => void
  /** A hash over the typed view and the surviving values: equal on replicas that hold equal writes. */
  hash(): string
  /** Lets the documents go; what was written goes on to disk and server. */
  close(): Promise<void>
}

export interface SpaceOption {
  /** Which space of the collection's kind; the one given to `openRejoin` unless told. */
  readonly space?: string
}

/** Which entities to list and in which order: `{ where: { status: 'open' }, orderBy: 'title', limit: 20 }`. */
export interface ListOptions<C extends Collection = Collection> extends SpaceOption, Query<C> {}

export interface UndoOption {
  /** Remembers what edits do, so that they can be undone; also after the entity was closed, for some time. */
  readonly undo?: boolean
}

export interface OpenOption extends UndoOption {
  /** Opens an entity that was deleted, too: to look at it, or to undelete it. */
  readonly deleted?: boolean
}

export interface CollectionHandle<C extends Collection> {
  create(
    initial: Initial<C>,
    options?: SpaceOption & EditOptions & UndoOption & { readonly id?: string },
  ): Promise<EntityHandle<C>>
  /**
   * The entity of that id, made with the seed if this device knows none. Devices that do it at once, with the same
   * seed, make one: its texts and counters are there once. One that was deleted stays so, as its handle says.
   */
  ensure(id: string, seed: Initial<C>, options?: SpaceOption & EditOptions & UndoOption): Promise<EntityHandle<C>>
  /** Opens an entity for reading and editing; undefined if this device knows none of that id, or it was deleted. */
  open(id: string, options?: SpaceOption & OpenOption): Promise<EntityHandle<C> | undefined>
  /**
   * Views of all entities, or of those that are asked for, by id unless another order is; long texts are cut at
   * `limits.viewTextMax` characters, also for conditions and derived values.
   */
  list(options?: ListOptions<C>): Promise<readonly View<C>[]>
  /** Calls `show` with the list now and after each commit that changed it. Returns what ends it. */
  watch(options: ListOptions<C>, show: (views: readonly View<C>[]) => void): () => void
}

/** A conflict, and the entity in which it is. */
export interface EntityConflict extends Conflict {
  readonly space: string
  /** The collection's name in its schema. */
  readonly collection: string
  readonly entity: string
}

export interface Conflicts {
  /** The open conflicts of every joined space, or of one, by entity. Opens no entity whose view is up to date. */
  list(options?: SpaceOption): Promise<readonly EntityConflict[]>
  /** Calls `show` with all of them once they are known, and whenever they are others. Returns what ends it. */
  watch(show: (conflicts: readonly EntityConflict[]) => void): () => void
  /** As `resolve` of an open entity. */
  resolve(conflict: EntityConflict, resolution: Resolution, options?: EditOptions): Promise<Receipt>
}

export interface Watchable<T> {
  readonly now: T
  watch(show: (value: T) => void): () => void
}

export interface Status {
  /** The connection to the server is open and accepted. */
  readonly online: boolean
  /** Level with the server as far as is known: nothing waits, nothing is unanswered, every cursor is at the head. */
  readonly synced: boolean
  /** Writes on this device that the server has not acknowledged; a write is what one edit did to one document. */
  readonly pending: number
  /** Writes in quarantine. */
  readonly rejected: number
  /** Records that were ever found damaged on this device. They are set aside; what the server has is fetched again. */
  readonly damaged: number
  /** Those of them, each with one write or more, that the server never had and nothing can bring back. */
  readonly lost: number
  /** Milliseconds since 1970, by this device, of the last time everything was level; undefined if never since the open. */
  readonly lastSyncedAt: number | undefined
  /** Why the last connection or stream ended or was refused, until the next is accepted; or `engine-lost`, for good. */
  readonly problem: { readonly kind: ErrorKind; readonly message: string } | undefined
  /** Open conflicts, as far as the views that were derived have told. */
  readonly conflicts: number
  /**
   * Concurrent writes of one value that met on this device since the open, in entities that were open or in a watched
   * list: `settled` by a policy, or `shown` as a conflict.
   */
  readonly contests: ContestCounts
  /** Entities of which a part cannot be read, as far as was noticed since the open: bytes that are of no engine. */
  readonly unreadable: number
  /** `failing` while the local store refuses commits or does not answer them: edits are then in memory only. */
  readonly storage: 'ok' | 'failing'
  /** Why it fails: `storage-full`, `storage-unavailable` or `storage-corrupt`, with a sentence; undefined while it works. */
  readonly storageProblem: { readonly kind: ErrorKind; readonly message: string } | undefined
  /** Milliseconds by which the server's clock is ahead of this device's; 0 until the first connection. */
  readonly skewMs: number
}

/** Bytes through the connection since the open, payload of the socket's messages. */
export interface Traffic {
  readonly bytesUp: number
  readonly bytesDown: number
}

/** What one transaction wrote to one document, and why it is not on the server. */
export interface QuarantinedWrite {
  /** The receipt's id; the writes of one transaction have the same. */
  readonly id: string
  readonly space: SpaceId
  readonly document: string
  readonly kind: ErrorKind
  readonly message: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** What it did to the document as it stood before: values before and after, counters by how much. */
  readonly changes: readonly FieldChange[]
  /**
   * Why `changes` are none, or not all; the bytes are kept. `too-large`: they would take more than 256 KiB.
   * `unreadable`: it builds on what is damaged on this device. `untold`: it wrote marks or blocks, builds on what
   * has not come yet, or was in one transaction with something damaged.
   */
  readonly omitted?: 'too-large' | 'unreadable' | 'untold'
  /** It was sent before the space was left, and never answered: the server may have it. */
  readonly unanswered: boolean
}

/** Plain JSON: everything that is known of a write in quarantine. */
export interface ExportedWrite extends QuarantinedWrite {
  /** Who wrote it. */
  readonly user: string
  readonly collection: string
  readonly entity: string
  readonly part: string
  /** Empty for the registers of the part. */
  readonly field: string
  /** Of the update, which is in base64. */
  readonly encoding: string
  readonly bytes: string
}

export interface InterestOption {
  /** Collection names; all of the kind's collections unless told. */
  readonly collections?: readonly string[]
  /** Single entities, as `notes/01J…`. */
  readonly entities?: readonly string[]
}

export interface RejoinBase extends AsyncDisposable {
  /** A further space of a kind, durable when it resolves; its content arrives from the start of its log. */
  join(space: string, kind: string, options?: InterestOption): Promise<void>
  /**
   * Drops the local copies of a space and moves its unsent work to quarantine; says how many writes that were. Open
   * handles answer `closed`. If the store refuses it rejects, and the space stays.
   */
  leave(space: string): Promise<{ readonly quarantined: number }>
  /** Asks for more of a space than so far. */
  widen(space: string, more: InterestOption): Promise<void>
  readonly receipts: {
    /** Undefined if no such write was ever made durable here. */
    find(id: string): Promise<'pending' | 'stored' | 'rejected' | undefined>
  }
  readonly status: Watchable<Status>
  readonly conflicts: Conflicts
  readonly traffic: Traffic
  readonly quarantine: {
    list(): Promise<readonly QuarantinedWrite[]>
    /**
     * Makes a refused transaction again, whole, on the entity as it is now; resolves when that is on this device's
     * disk, and its receipt is `pending` again. Rejects with `depends` if it builds on something that is not there
     * or cannot be told whole, `forbidden` if somebody else wrote it, `not-found` if there is none of this id or its
     * space was left: then it stays as it was. While the store refuses, it rejects with the store's reason, and is on
     * disk as soon as the store works.
     */
    retry(id: string): Promise<void>
    /** Forgets a refused transaction for ever; nothing if there is none of this id. To edit one, discard it and edit anew. */
    discard(id: string): Promise<void>
    /** What there is of one refused transaction, or of all, as plain JSON. */
    export(id?: string): Promise<readonly ExportedWrite[]>
  }
  /** Resolves when everything written so far is on this device's disk; rejects if the store refuses it now. */
  flushed(): Promise<void>
  /** Resolves when `status.synced` holds; rejects with `closed` if the replica is closed before. */
  settled(): Promise<void>
  /** Closes the connection and keeps it closed until `goOnline`; edits go on. */
  goOffline(): void
  goOnline(): void
  /**
   * Writes what is in memory to disk, then lets everything go. Rejects with the store's reason if it refuses: then
   * what was in memory only is lost, and the receipts say so.
   */
  close(): Promise<void>
}

export type Rejoin<Cs extends Collections> = RejoinBase & { readonly [Name in keyof Cs]: CollectionHandle<Cs[Name]> }
