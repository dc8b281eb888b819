import type {
  DocumentKey,
  EntryId,
  ErrorKind,
  Generation,
  Intervals,
  Lane,
  SpaceId,
  Stamp,
  UserId,
  WriterId,
} from '@rejoin/base'

/**
 * A durable row: the writes made to one document in one store transaction by one writer. Rows come once
 * and, within a document, in ascending order; the rows of a store transaction come in one event.
 */
export interface RowInfo {
  /** The place in the store order of the replica. */
  readonly row: number
  readonly space: SpaceId
  readonly document: DocumentKey
  readonly branch: number
  readonly generation: Generation
  /** The writer whose own updates the row holds; the entry is sealed by the outbox's writer, whoever that is. */
  readonly writer: WriterId
  readonly lane: Lane
  readonly principal: UserId
  /**
   * 0 = alone; else the number that is shared by the rows of one store transaction whose transactions touch
   * several documents. They come in one event.
   */
  readonly group: number
  readonly bytes: number
  readonly writes: number
  /** The greatest stamp in the row. */
  readonly stamp: Stamp
  /** Documents of the space whose earlier rows must travel first: the entity's create, declared references. */
  readonly needs: readonly DocumentKey[]
}

/** What an entry covers, fixed when it is planned. */
export interface PlannedEntry {
  readonly id: EntryId
  readonly document: DocumentKey
  readonly generation: Generation
  readonly branch: number
  /** Neighbouring rows of the document, of one writing writer, lane, principal, generation and branch. */
  readonly rows: readonly number[]
  readonly lane: Lane
  readonly principal: UserId
  readonly after: EntryId | undefined
  /** 0 for an entry alone, else the number of the group's first entry; its members have consecutive numbers. */
  readonly group: number
  readonly groupSize: number
  readonly stamp: Stamp
  readonly writes: number
}

export interface SealedInfo extends PlannedEntry {
  readonly space: SpaceId
  /** Of the sealed update. */
  readonly bytes: number
  /** It may have reached the server. */
  readonly sent: boolean
}

/** What one store transaction seals: entries in the order of their numbers. */
export interface SealPlan {
  readonly space: SpaceId
  readonly entries: readonly PlannedEntry[]
}

/** What the server said about one entry. */
export type Answer =
  | { readonly kind: 'ack' }
  | { readonly kind: 'reject'; readonly error: ErrorKind; readonly message: string }
  | { readonly kind: 'retry'; readonly error: ErrorKind; readonly afterMs?: number }
  /** To an ask only: the server has never decided this id. */
  | { readonly kind: 'unknown' }

/** `now` is the wall clock in milliseconds; it may jump. `random` is a float in [0, 1) for jitter. */
interface At {
  readonly now: number
}
interface AtRandom extends At {
  readonly random: number
}

export type OutboxEvent =
  /** Always the first: what the store held at open. `rows` may list the rows of sealed entries again. */
  | (At & {
      readonly kind: 'start'
      readonly writer: WriterId
      /** The greatest number used under `writer`, per space. */
      readonly lastEntry: ReadonlyMap<SpaceId, number>
      readonly rows: readonly RowInfo[]
      readonly sealed: readonly SealedInfo[]
    })
  /** These rows are durable. */
  | (At & { readonly kind: 'waiting'; readonly rows: readonly RowInfo[] })
  /** What the server of the links to come takes; where the outbox's own limits are lower, those hold. */
  | (At & { readonly kind: 'limits'; readonly entryBytesMax: number; readonly unansweredBytesMax: number })
  /** The connection can carry the space's entries, as this user. */
  | (At & { readonly kind: 'linked'; readonly space: SpaceId; readonly principal: UserId })
  | (At & { readonly kind: 'unlinked'; readonly space: SpaceId | 'all' })
  /** The store transaction of a `seal` is durable. `sizes` in the order of the plan. */
  | (At & { readonly kind: 'sealed'; readonly plan: SealPlan; readonly sizes: readonly number[] })
  | (AtRandom & { readonly kind: 'seal-failed'; readonly plan: SealPlan })
  | (AtRandom & { readonly kind: 'answered'; readonly space: SpaceId; readonly id: EntryId; readonly answer: Answer })
  /** One answer for many entries of one writer; the numbers come from outside and may be any. */
  | (AtRandom & {
      readonly kind: 'answered-all'
      readonly space: SpaceId
      readonly writer: WriterId
      readonly numbers: Intervals
      readonly answer: Answer
    })
  /** The store transaction of a `take` is durable; `rows` lists all that it moved, also what came meanwhile. */
  | (At & { readonly kind: 'taken'; readonly take: number; readonly space: SpaceId; readonly rows: readonly number[] })
  /**
   * Another writer seals from now on, with numbers from 1: no server takes what the one before wrote. Rows of `of`
   * that wait are taken.
   */
  | (At & {
      readonly kind: 'renewed'
      readonly writer: WriterId
      readonly of: WriterId
      readonly error: ErrorKind
      readonly message: string
      readonly first: EntryId
    })
  /** The space was left: the store holds nothing of it any more. */
  | (At & { readonly kind: 'left'; readonly space: SpaceId })
  /** The time asked for by `wake` has come. */
  | (At & { readonly kind: 'due' })
  /** The lanes that may start a document's journey, for example all but `background` on a metered network. */
  | (At & { readonly kind: 'allow'; readonly lanes: readonly Lane[] })

export type OutboxEffect =
  /** Merge, number and store these entries in one transaction; then `sealed` or `seal-failed`. One per space at a time. */
  | { readonly kind: 'seal'; readonly plan: SealPlan }
  /** Push in this order on one connection, in as many frames as it takes. */
  | { readonly kind: 'send'; readonly space: SpaceId; readonly ids: readonly EntryId[] }
  /** Ask the server what became of these. */
  | { readonly kind: 'ask'; readonly space: SpaceId; readonly ids: readonly EntryId[] }
  /** The server has these: their rows are no longer waiting and the entries are removed from the store. */
  | { readonly kind: 'stored'; readonly space: SpaceId; readonly entries: readonly SealedInfo[] }
  /**
   * The closure of a refusal: move entries and rows to quarantine and rebuild the documents, which raises their
   * branch, in one transaction that also moves every later row of these documents that was stored meanwhile; then
   * `taken` with the same `take`. Until then the documents are held.
   */
  | {
      readonly kind: 'take'
      readonly take: number
      readonly space: SpaceId
      readonly entries: readonly EntryId[]
      /** All rows: those of the entries and those that waited, ascending. */
      readonly rows: readonly number[]
      readonly documents: readonly DocumentKey[]
      readonly error: ErrorKind
      readonly message: string
      /** The entry the server named. */
      readonly first: EntryId
    }
  /** Call back with `due` at this wall clock time; replaces the time asked for before. */
  | { readonly kind: 'wake'; readonly at: number | undefined }

export interface LaneStats {
  readonly rows: number
  readonly bytes: number
}

export interface OutboxStats {
  /** Durable rows that are in no entry yet, and their bytes and writes. */
  readonly waitingRows: number
  readonly waitingBytes: number
  readonly waitingWrites: number
  /** Sealed entries without an answer. */
  readonly unansweredEntries: number
  readonly unansweredBytes: number
  readonly unansweredWrites: number
  /** Documents that wait for a `taken`. */
  readonly heldDocuments: number
  /** The stamp of the oldest write that is neither stored nor taken. */
  readonly oldest: Stamp | undefined
  /** The waiting rows by lane. */
  readonly lanes: Readonly<Record<Lane, LaneStats>>
}

export interface Outbox {
  /** Deterministic and without I/O; changes its own state. The effects are to be carried out in order. */
  step(event: OutboxEvent): readonly OutboxEffect[]
  stats(): OutboxStats
  /** The sealed entries of a space that have no answer, each document's in order. */
  unanswered(space: SpaceId): readonly SealedInfo[]
  /** The numbers of a document's rows that are in no entry yet, ascending. */
  waitingOf(space: SpaceId, document: DocumentKey): readonly number[]
}
