import type { DocumentAddress, Encoding, EntryKind, Generation, Stamp } from '@rejoin/base'

/** Says what a document slot means from now on. Sent in `documents` frames of both directions. */
export interface DocumentDeclaration {
  readonly slot: number
  readonly address: DocumentAddress
  readonly generation: Generation
}

/** An entry of a `push`: base's `Entry` with slots for names. The writer is the frame's. */
export interface PushEntry {
  readonly n: number
  readonly kind: EntryKind
  /** The client's document slot. */
  readonly document: number
  /** See `Entry.after`; `writer` is a client's writer slot of the same space. */
  readonly after: { readonly writer: number; readonly n: number } | undefined
  /** The number of the group's first entry, or 0 for an entry alone. Members have consecutive numbers. */
  readonly group: number
  /** 1 for an entry alone. */
  readonly groupSize: number
  readonly stamp: Stamp
  readonly encoding: Encoding
  /** Decoded: a view into the received frame. */
  readonly bytes: Uint8Array
}

/** An accepted entry, as it came from its writer. */
export interface RangeUpdate {
  readonly kind: EntryKind
  /** The server's document slot. */
  readonly document: number
  /** The server's writer slot. */
  readonly writer: number
  readonly n: number
  readonly encoding: Encoding
  /** Decoded: a view into the received frame. */
  readonly bytes: Uint8Array
}

/** The effect of every entry of the document up to here, folded into one. Names no writer: it has many. */
export interface RangeSnapshot {
  readonly kind: 'snapshot'
  /** The server's document slot. */
  readonly document: number
  readonly encoding: Encoding
  readonly bytes: Uint8Array
}

export type RangeEntry = RangeUpdate | RangeSnapshot
