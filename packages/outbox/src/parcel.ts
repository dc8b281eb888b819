import type { DocumentKey, EntryId, ErrorKind, Generation, SpaceId, Stamp, UserId, WriterId } from '@rejoin/base'

/**
 * - `waiting`: rows, no entry yet; the only state in which rows are added
 * - `sealing`: numbered; the store transaction is under way
 * - `unsent`: sealed; to be sent as soon as what comes before it is on the wire
 * - `sent`: on the wire of this link, without an answer
 * - `unsure`: was sent on a link that is gone; the answer may be lost
 * - `asked`: the server was asked what became of it
 * - `delayed`: the server said `retry`; unsent until `dueAt`
 * - `stored`, `taken`: gone, and kept here only for those that still point at it
 */
export type ParcelState =
  | 'waiting'
  | 'sealing'
  | 'unsent'
  | 'sent'
  | 'unsure'
  | 'asked'
  | 'delayed'
  | 'stored'
  | 'taken'

/** What is sealed, sent and answered as one: an entry alone or all entries of a group. */
export interface Parcel {
  readonly kind: 'parcel'
  readonly space: Space
  readonly principal: UserId
  /** Order of creation: whatever a waiting parcel must follow has a lower one. */
  readonly seq: number
  /** Rank of its most urgent row. */
  readonly lane: number
  pieces: Piece[]
  readonly firstStamp: Stamp
  state: ParcelState
  /** More rows may join while it waits; false once it was planned. */
  open: boolean
  /** Parcels of other documents that must be on the wire before it. */
  needs: Set<Parcel> | undefined
  /** When it was made it stood behind something of another principal. */
  foreign: boolean
  /** The pass that could not plan it, and the document in its way. */
  blockedIn: number
  blocker: Doc | undefined
  bytes: number
  group: number
  groupSize: number
  /** It may have reached the server. */
  reached: boolean
  attempts: number
  failures: number
  dueAt: number
  older: Parcel | undefined
  newer: Parcel | undefined
}

/** What a parcel has of one document: an entry, before and after it is sealed. */
export interface Piece {
  readonly parcel: Parcel
  readonly doc: Doc
  readonly lane: number
  readonly writer: WriterId
  readonly generation: Generation
  readonly branch: number
  readonly rows: number[]
  /** Of each row; empty once an entry was read back from the store. */
  readonly rowBytes: number[]
  readonly rowWrites: number[]
  bytes: number
  writes: number
  stamp: Stamp
  id: EntryId | undefined
  after: EntryId | undefined
  previous: Piece | undefined
  next: Piece | undefined
}

/** Why a document's writes were taken; late rows are taken for the same reason. */
export interface Cause {
  readonly error: ErrorKind
  readonly message: string
  readonly first: EntryId
}

/** A document's pieces in order: the unanswered round, then what waits. */
export interface Doc {
  readonly space: Space
  readonly key: DocumentKey
  first: Piece | undefined
  firstWaiting: Piece | undefined
  last: Piece | undefined
  lastRow: number
  /** Waiting pieces by rank of their parcel's lane. */
  readonly waitingByLane: number[]
  /** The pass that sealed its round, and how many entries that pass gave it. */
  pass: number
  round: number
  /** Takes that are not yet durable. */
  holds: number
  /** Rows of this branch or a lower one that come now were made on a state that is gone. */
  takenBranch: number
  cause: Cause | undefined
  /** Rank of the lane in which it queues for a pass, or `notQueued`. */
  queued: number
  /** It must not try again before this document is released. */
  blockedOn: Doc | undefined
  /** Documents that are blocked on this one. */
  waiters: Set<Doc> | undefined
}

export const notQueued = -1
export const noBranch = -1

export interface Space {
  readonly kind: 'space'
  readonly id: SpaceId
  /** Who the link speaks for; undefined while there is none. */
  principal: UserId | undefined
  readonly docs: Map<DocumentKey, Doc>
  readonly sealed: Map<WriterId, Map<number, Piece>>
  /** Refusals of the link in a row, and the end of the pause they caused; 0 = none. */
  failures: number
  dueAt: number
}

export const newSpace = (id: SpaceId): Space => ({
  kind: 'space',
  id,
  principal: undefined,
  docs: new Map(),
  sealed: new Map(),
  failures: 0,
  dueAt: 0,
})

export const newDoc = (space: Space, key: DocumentKey): Doc => ({
  space,
  key,
  first: undefined,
  firstWaiting: undefined,
  last: undefined,
  lastRow: -1,
  waitingByLane: [0, 0, 0, 0, 0],
  pass: 0,
  round: 0,
  holds: 0,
  takenBranch: noBranch,
  cause: undefined,
  queued: notQueued,
  blockedOn: undefined,
  waiters: undefined,
})

/** It has a round without an answer. */
export const isBusy = (doc: Doc): boolean => doc.first !== doc.firstWaiting

export const isLinked = (space: Space, principal: UserId): boolean => space.principal === principal && space.dueAt === 0

export function append(piece: Piece): void {
  const { doc } = piece
  piece.previous = doc.last
  if (doc.last === undefined) doc.first = piece
  else doc.last.next = piece
  doc.last = piece
  if (piece.parcel.state === 'waiting') doc.firstWaiting ??= piece
}

/** Puts a piece in front of one that waits. */
export function insertBefore(piece: Piece, next: Piece): void {
  const { doc, previous } = next
  piece.previous = previous
  piece.next = next
  next.previous = piece
  if (previous === undefined) doc.first = piece
  else previous.next = piece
  if (doc.firstWaiting === next) doc.firstWaiting = piece
}

export function unlink(piece: Piece): void {
  const { doc, previous, next } = piece
  if (previous === undefined) doc.first = next
  else previous.next = next
  if (next === undefined) doc.last = previous
  else next.previous = previous
  if (doc.firstWaiting === piece) doc.firstWaiting = next
  piece.previous = undefined
  piece.next = undefined
}

/** The unanswered entry that `id` names. */
export const pieceOf = (space: Space, id: EntryId): Piece | undefined => space.sealed.get(id.writer)?.get(id.n)

/** Each parcel of the space that is sealed or being sealed, once. */
export function* sealedParcels(space: Space): Generator<Parcel> {
  for (const pieces of space.sealed.values())
    for (const piece of pieces.values()) if (piece.parcel.pieces[0] === piece) yield piece.parcel
}
