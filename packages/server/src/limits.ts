import { skewAllowedMs } from '@rejoin/base'
import { defaultLimits } from '@rejoin/protocol'
import type { Limits } from '@rejoin/protocol'

/** Limits that are the server's own business; those of the wire are sent in the welcome. */
export interface ServerLimits {
  readonly wire: Limits
  /** One commit takes what has queued up to about so many entry bytes; the rest goes into the next. */
  readonly commitBytesMax: number
  /** The same in entries: each costs, however small it is. A group is never cut. */
  readonly commitEntriesMax: number
  /** What may come behind a hello before its token is accepted. */
  readonly earlyBytesMax: number
  /** Entries that a connection may have pushed and not yet seen answered, whatever their bytes. */
  readonly unansweredEntriesMax: number
  /** Streams that a connection may have open of one space; a replica joins those that are level. */
  readonly streamsPerSpaceMax: number
  /** Collections and entities in the interests of all open streams of a connection. */
  readonly interestNamesOpenMax: number
  /** What one read of the log brings, for a stream that catches up. */
  readonly pageBytesMax: number
  readonly pageRowsMax: number
  /** A connection with more unsent bytes than this is lagging: its streams pull again when it has read. */
  readonly bufferedBytesMax: number
  readonly laggingMsMax: number
  /** How soon a range that brings nothing but a later cursor is sent. */
  readonly emptyRangeDelayMs: number
  /** Records kept in memory for each space that is in use. */
  readonly documentsCachedMax: number
  readonly writersCachedMax: number
  /** Runs of numbers that one writer may have in one space, accepted and refused together. Honest ones have few. */
  readonly writerRunsMax: number
  /** A stamp further ahead of the server's clock than this is refused. */
  readonly stampAheadMsMax: number
  /** What to wait, before a `retry` that the store caused. */
  readonly retryAfterMs: number
  /** A document is folded when its tail has so many entries or bytes, and half the bytes of its snapshot. */
  readonly foldEntriesMin: number
  readonly foldBytesMin: number
  /** What one turn of the folder takes: documents, and bytes of their entries. */
  readonly foldDocumentsMax: number
  readonly foldInputBytesMax: number
  readonly foldMsMax: number
  readonly foldMemoryMibMax: number
  /** By how much the process may grow while one document is folded, in the folder's heap or out of it. */
  readonly foldGrowthMibMax: number
  /** How soon a device's streams are written down after they changed. */
  readonly deviceDelayMs: number
}

const kib = 1024

export const defaultServerLimits: ServerLimits = {
  wire: defaultLimits,
  commitBytesMax: 16 * kib * kib,
  commitEntriesMax: 4096,
  earlyBytesMax: 16 * kib,
  unansweredEntriesMax: 65_536,
  streamsPerSpaceMax: 64,
  interestNamesOpenMax: 131_072,
  pageBytesMax: 256 * kib,
  pageRowsMax: defaultLimits.entriesPerFrameMax,
  bufferedBytesMax: 1024 * kib,
  laggingMsMax: 30_000,
  emptyRangeDelayMs: 200,
  documentsCachedMax: 16_384,
  writersCachedMax: 4096,
  writerRunsMax: 4096,
  stampAheadMsMax: 2 * skewAllowedMs,
  retryAfterMs: 1000,
  foldEntriesMin: 512,
  foldBytesMin: 64 * kib,
  foldDocumentsMax: 64,
  foldInputBytesMax: 4 * kib * kib,
  foldMsMax: 10_000,
  foldMemoryMibMax: 256,
  foldGrowthMibMax: 1024,
  deviceDelayMs: 1000,
}

/** Fills in what is left out. */
export const serverLimits = (partial: PartialLimits = {}): ServerLimits => ({
  ...defaultServerLimits,
  ...partial,
  wire: { ...defaultLimits, ...partial.wire },
})

export type PartialLimits = Partial<Omit<ServerLimits, 'wire'>> & { readonly wire?: Partial<Limits> }
