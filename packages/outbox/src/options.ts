import type { Lane } from '@rejoin/base'

/** Every limit of the outbox. Bytes of rows are counted before the merge, bytes of entries after it. */
export interface OutboxLimits {
  /** Rows of more bytes than this together are not merged into one entry; one larger row is an entry alone. */
  readonly entryBytesMax: number
  readonly entryRowsMax: number
  /** Neighbouring groups become one only up to this; a single larger group is sealed as it is. */
  readonly groupBytesMax: number
  /** Entries that a document may have without an answer. */
  readonly roundEntriesMax: number
  /** What one store transaction seals, unless a single group is larger. */
  readonly sealEntriesMax: number
  readonly sealBytesMax: number
  /** Bytes on the wire without an answer, over all spaces, unless a single group is larger. */
  readonly inFlightBytesMax: number
  /** So many answers `retry` that name an entry are borne before it is taken. */
  readonly attemptsMax: number
  readonly retryBaseMs: number
  readonly retryCapMs: number
  /** A longer wait asked for by the server is cut to this. */
  readonly retryAfterMsMax: number
  /** So many documents of more urgent lanes may go before one of this lane that is ready. */
  readonly patience: Readonly<Record<Lane, number>>
}

export const defaultOutboxLimits: OutboxLimits = {
  entryBytesMax: 256 * 1024,
  entryRowsMax: 4096,
  groupBytesMax: 512 * 1024,
  roundEntriesMax: 256,
  sealEntriesMax: 1000,
  sealBytesMax: 1024 * 1024,
  inFlightBytesMax: 1024 * 1024,
  attemptsMax: 3,
  retryBaseMs: 250,
  retryCapMs: 30_000,
  retryAfterMsMax: 60 * 60_000,
  patience: { critical: 0, high: 4, normal: 8, low: 16, background: 32 },
}
