import type { DocumentAddress, Generation } from './document.ts'
import type { WriterId } from './ids.ts'
import type { Stamp } from './stamp.ts'

/** Most urgent first; the number is the wire form and the order. */
export const lanes = ['critical', 'high', 'normal', 'low', 'background'] as const
export type Lane = (typeof lanes)[number]
export const laneRank = (lane: Lane): number => lanes.indexOf(lane)

/**
 * Which engine reads the bytes and in which of its encodings. The number is the wire and disk form. `other` is that of
 * an engine that does not come with Rejoin: which one, the collection says.
 */
export const encodings = ['yjs-1', 'yjs-2', 'automerge', 'other'] as const
export type Encoding = (typeof encodings)[number]

/** Names an entry for ever: the writer that sealed it, and its number under that writer in that space, from 1. */
export interface EntryId {
  readonly writer: WriterId
  readonly n: number
}

export const sameEntry = (a: EntryId, b: EntryId): boolean => a.writer === b.writer && a.n === b.n

/**
 * - `update`: one or more writes, merged
 * - `recovery`: what a restored server lacked of a replica's base
 */
export const entryKinds = ['update', 'recovery'] as const
export type EntryKind = (typeof entryKinds)[number]

/** One immutable, numbered unit sent to the server. A resend is byte-identical. */
export interface Entry {
  readonly id: EntryId
  readonly kind: EntryKind
  readonly document: DocumentAddress
  readonly generation: Generation
  /** The previous entry of this replica in this document, while that one was unanswered at the seal. */
  readonly after: EntryId | undefined
  /** Entries of one group are decided together; the number of the group's first entry, or 0 for an entry alone. */
  readonly group: number
  /** How many entries the group has; 1 for an entry alone. */
  readonly groupSize: number
  /** At least as great as every stamp in the bytes. */
  readonly stamp: Stamp
  readonly encoding: Encoding
  readonly bytes: Uint8Array
}
