import type {
  DocumentKey,
  Encoding,
  ErrorKind,
  Generation,
  Intervals,
  SpaceId,
  Stamp,
  TenantId,
  UserId,
  WriterId,
} from '@rejoin/base'

/** Names a space on the server. The tenant comes from the token only. */
export interface SpaceRef {
  readonly tenant: TenantId
  readonly space: SpaceId
}

/** Unique among all spaces of all tenants: neither id has a slash. */
export const spaceKey = (ref: SpaceRef): string => `${ref.tenant}/${ref.space}`

/** A space that nobody has written yet has no row: number 0, no epoch, nothing in it. */
export interface SpaceRecord {
  /** 16 bytes as hex: the life of the log. Zeros until the first commit draws one. */
  readonly epoch: string
  /** The sequence number of the last row; 0 when there is none. */
  readonly head: number
  /** The chain at `head`, 16 bytes. */
  readonly hash: Uint8Array
  /** How many document numbers and writer numbers were given out; they start at 1 and are never reused. */
  readonly documents: number
  readonly writers: number
}

export const noEpoch: string = '0'.repeat(32)
export const noHash: Uint8Array = new Uint8Array(16)
export const emptySpace: SpaceRecord = { epoch: noEpoch, head: 0, hash: noHash, documents: 0, writers: 0 }

export interface DocumentRecord {
  readonly number: number
  readonly key: DocumentKey
  readonly generation: Generation
  /** Of its first entry; all of a document are of one engine. */
  readonly encoding: Encoding
  /** The row of the last snapshot; 0 when the document was never folded. */
  readonly foldedTo: number
  /** Bytes of that snapshot. */
  readonly foldedBytes: number
  /** Rows since that snapshot, and their bytes: what a fold would gain. */
  readonly tailEntries: number
  readonly tailBytes: number
  /** Its bytes could not be decoded: it is relayed, but never folded again. */
  readonly isolated: boolean
}

export interface WriterRecord {
  readonly number: number
  readonly writer: WriterId
  /** Whose writer this is, for ever. */
  readonly user: UserId
  /** Whether the log says so too: the row is written with the first accepted entry. */
  readonly logged: boolean
  readonly accepted: Intervals
  readonly refused: Intervals
}

/**
 * - `update`, `recovery`: an entry, as a replica sent it
 * - `snapshot`: stands for the rows of its document up to its own number
 * - `fold`: the number that a fold took, so that undoing it changes the chain
 * - `writer`: names the user of a writer, before its first entry
 */
export const rowKinds = ['update', 'recovery', 'snapshot', 'fold', 'writer'] as const
export type RowKind = (typeof rowKinds)[number]

/** Whether replicas are sent this row as an entry. */
export const isEntryRow = (kind: RowKind): boolean => kind !== 'fold' && kind !== 'writer'

export interface LogRow {
  readonly seq: number
  readonly kind: RowKind
  /** Number of the document in the space; 0 for a `writer` row. */
  readonly document: number
  /** Number of the writer in the space; 0 for a `fold`. */
  readonly writer: number
  readonly n: number
  /** Number of the group's first entry, 0 for an entry alone. Rows of a group are neighbours. */
  readonly group: number
  readonly stamp: Stamp
  readonly encoding: Encoding
  readonly bytes: Uint8Array
  /** 16 bytes; moved by every row, and kept when a snapshot takes the row's place. */
  readonly chain: Uint8Array
}

/** The answer to an id that was refused, kept so that a resend gets the same one. */
export interface Refusal {
  readonly writer: number
  readonly n: number
  readonly kind: ErrorKind
  readonly message: string
}

/** What one question reads of them at a time, so that it does not hold up the loop. */
export const refusalsReadMax = 1024

/** What a device is subscribed to, so that it need not say so again. */
export interface DeviceRecord {
  readonly tenant: TenantId
  readonly user: UserId
  readonly device: string
  readonly bytes: Uint8Array
}
