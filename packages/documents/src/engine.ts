import type { Encoding, Stamp } from '@rejoin/base'
import type { BlockNode, Json, MarkedRun, Marks } from '@rejoin/schema'

export type { BlockNode, ElementNode, Json, MarkedRun, Marks, TextNode } from '@rejoin/schema'

/** One change, or many merged, as the bytes of an engine. Applying it twice, or out of order, is harmless. */
export interface Update {
  readonly encoding: Encoding
  readonly bytes: Uint8Array
  /**
   * Where the log of its space has it, once it is stored there; one update of a log counts once, however often it comes.
   * Only engines that decide by arrival look at it.
   */
  readonly seq?: number
}

/**
 * The port behind which a CRDT library lives. An engine must keep the laws in `@rejoin/documents/testing`.
 *
 * An engine may run on an instance whose memory all of its documents share, as one in WebAssembly does. If that fails,
 * everything of the engine throws `engine-lost` from then on, but for `dispose`, which never throws, and `squash`.
 */
export interface Engine {
  /** The word by which a collection chooses it. */
  readonly name: string
  /** What its updates and snapshots are in. No two engines of one application share one. */
  readonly encodings: readonly Encoding[]
  /** An empty document. Cheap: a list view makes one per row. */
  create(): EngineDocument
  /**
   * One update with the effect of a run: consecutive updates of one writer to one document, in the order
   * they were made. Takes linear time. May be given its own results. Throws `undecodable` on bad bytes. Works on the
   * bytes alone, so that what is written can be sent also when the engine is lost.
   */
  squash(updates: readonly Update[]): Update
  /**
   * What an update did to the document of the updates before it, also by setting free what waited there. What
   * waits still is not told. Throws `undecodable` on bad bytes.
   */
  changes(before: readonly Update[], update: Update): readonly Change[]
  /** As `changes`, of updates one after another, at the cost of one reading. */
  changesOfEach(before: readonly Update[], updates: readonly Update[]): readonly Told[]
}

/** One CRDT unit in memory. Uses its registers, its text or its list; not more than one of them in practice. */
export interface EngineDocument {
  /**
   * Takes in updates in any order, as one transaction, never inside `transact`. Throws `undecodable` on bad
   * bytes and has taken in nothing then, except that a document that was given bytes made to look good can
   * fail half-way: it is then spent, and refuses everything but `dispose`.
   */
  apply(updates: readonly Update[]): void
  /**
   * Runs a local change and returns what it did, or undefined if it changed nothing. Calls on different
   * documents may be nested. Inside a change of the same document it just runs: the outermost call returns all.
   * If `change` throws after changing something, the error passes and the document is spent, because its
   * update is lost: roll back and catch inside `change`.
   * Throws `client-id-taken` if `apply` has brought operations under this document's client id.
   *
   * `captured` is given what the outermost call did, once that is done; it costs nothing if it is not asked for.
   */
  transact(change: () => void, captured?: (changes: readonly Change[]) => void): Update | undefined
  /**
   * Whether `redo` would make these changes: whether everything that the list names has been seen by this document
   * or is made by the list before. Throws `bad-value` if a value cannot be stored, as `redo` does.
   */
  standAlone(changes: readonly Change[]): boolean
  /**
   * Makes changes again under this document's client id, with the stamps they had; inside `transact`. The list may
   * be that of several transactions, one after another. Gives what stands for what now. Undefined, and nothing is
   * changed, if they do not stand alone.
   */
  redo(changes: readonly Change[]): readonly Heir[] | undefined
  /**
   * Takes back what a list of changes did together, as far as nobody has changed it since; inside `transact`. Values
   * come back under one stamp, drawn if any do. Whoever keeps lists of changes passes them through `inherit` with
   * the result, so that they reach what was made again.
   */
  revert(changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[]
  /** The client id under which the following local changes are made; needed before the first. Never inside `transact`. */
  setClient(clientId: number): void
  /** The client id under which the next local change is made; undefined before `setClient`. */
  readonly clientId: number | undefined
  /** How many operations of this client the document holds: the clock of the client's next one. */
  clientClock(clientId: number): number
  readonly registers: RegisterRoot
  readonly text: RichTextRoot
  readonly list: ListRoot
  readonly blocks: BlocksRoot
  /**
   * From now on editors and providers may change the document past `transact` and `apply`, through the engine's
   * own types, and the host hears of it. Once for the life of a document, and after `setClient`.
   */
  bind(host: Host): void
  /** The whole state, also of what is still pending, as one update. */
  snapshot(): Update
  /** Whether updates wait for others that have not been seen. */
  pending(): boolean
  dispose(): void
}

/** Whoever looks after a document that others change past it. No method may throw. */
export interface Host {
  /**
   * Others have changed the content, and everything reads so already. With the update if it is for the host to
   * store and send, each change exactly once; without if the document is filled by a provider, which sends itself.
   */
  changed(update: Update | undefined): void
  /** Gives another client id, because operations of others have come under the last one. Never for adopted documents. */
  freshClient(): number
  /** An observer, such as the view of an editor, has thrown. The change that it was told of holds all the same. */
  failed(error: unknown): void
}

/** Names an element inside its document: the client that made it and the clock of that client then. */
export interface WriteId {
  readonly client: number
  readonly clock: number
}

/** A write of a register that no write which saw it has replaced, by the id of that write. */
export interface Survivor extends WriteId {
  readonly stamp: Stamp
  readonly value: Json
}

/**
 * What a transaction did, in terms of JSON. What it made and took away again is left out, as is what is no JSON,
 * or no text in a text.
 */
export type Change =
  | RegisterChange
  | Inserted<'text', string>
  | Deleted<'text', string>
  | Inserted<'list', readonly Json[]>
  | Deleted<'list', readonly Json[]>
  | Untold

/**
 * It put marks on a text or changed blocks, which is not told further: such a list of changes cannot be made again, and
 * taking it back leaves this part as it is.
 */
export interface Untold {
  readonly root: 'untold'
}

/** What an update did, as far as it can be told. */
export interface Told {
  readonly changes: readonly Change[]
  /** This is all: nothing of it waits, and nothing is untold. */
  readonly whole: boolean
}

/** What became of one key. Several writes of one key are a change each, the first of them with all that was removed. */
export interface RegisterChange {
  readonly root: 'registers'
  readonly key: string
  readonly wrote?: Survivor
  /** In the order of survivors. */
  readonly removed: readonly Survivor[]
}

/**
 * Elements that stand next to each other, their ids counting up from `id`: one for each unit or value. An engine that
 * has one id for a character of two units tells such a character as a run of its own.
 */
export interface Inserted<Root extends string, Content> {
  readonly root: Root
  readonly insert: Content
  readonly id: WriteId
  /** The element they follow, perhaps a deleted one; null at the start. */
  readonly after: WriteId | null
}

/** Elements that stood next to each other, their ids counting up from `id`. */
export interface Deleted<Root extends string, Content> {
  readonly root: Root
  readonly delete: Content
  readonly id: WriteId
}

/** What was made again: the elements from `id` on stand for those from `of` on. */
export interface Heir {
  readonly of: WriteId
  readonly id: WriteId
  readonly length: number
}

/**
 * Key to concurrent values. Reading and writing a key cost as much as it has survivors, however large
 * the document. The methods that change anything are for use inside `transact`.
 */
export interface RegisterRoot {
  /** Ascending by stamp, ties by the engine's own id of the write: every replica has the same last one, which wins. */
  survivors(key: string): readonly Survivor[]
  /** Keys with at least one survivor, in no particular order. */
  keys(): Iterable<string>
  /** Keys with two survivors or more, in no particular order; costs nothing to know. */
  contested(): Iterable<string>
  /** Deletes the survivors seen here, or those of them that are named; a concurrent write stays. */
  remove(key: string, only?: readonly WriteId[]): void
  /** Adds a survivor beside those there. The value is copied in. Gives the id of the write. */
  append(key: string, stamp: Stamp, value: Json): WriteId
}

/**
 * Indexes and lengths are in UTF-16 code units. An index outside the text, or between the two halves of a
 * surrogate pair, throws `bad-value` and changes nothing. Lone surrogates in `text` become U+FFFD.
 */
export interface TextRoot {
  readonly length: number
  insert(index: number, text: string): void
  delete(index: number, count: number): void
  /** The text, or about its first `max` units without building the rest. */
  read(max?: number): string
}

/** A text whose ranges carry marks. Marks of one range merge by name; of one name, one of concurrent values holds. */
export interface RichTextRoot extends TextRoot {
  /** With exactly these marks; by default with those of the unit to the left. Names and values that do not fit throw `bad-value`. */
  insert(index: number, text: string, marks?: Marks): void
  /** Puts marks on a range; null takes a mark off. */
  format(index: number, count: number, marks: Marks): void
  /** The text, or about its first `max` units, in runs of equal marks. What is no text shows as U+FFFC, one a unit. */
  runs(max?: number): readonly MarkedRun[]
}

/** A tree of blocks that a ProseMirror editor writes; read here as the JSON of its nodes, or emptied. */
export interface BlocksRoot {
  /** How many nodes there are at the top. */
  readonly length: number
  /** The nodes at the top, or about the first `max` nodes and units of text in the order of reading. Never throws. */
  nodes(max?: number): readonly BlockNode[]
  clear(): void
}

/** An index outside the list throws `bad-value` and changes nothing. Values are copied in; what is read is frozen. */
export interface ListRoot {
  readonly length: number
  insert(index: number, values: readonly Json[]): void
  delete(index: number, count: number): void
  /** The values, or the first `max`. What is not JSON, which only foreign software can have written, reads as null. */
  read(max?: number): readonly Json[]
}
