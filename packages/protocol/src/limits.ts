import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'

/**
 * Every limit of the wire, unit last. The server sends its table in `welcome`; until then both sides go by
 * `defaultLimits`. Adding, removing or moving a name changes the wire: the codec follows this order.
 */
export interface Limits {
  /** One frame: type, body and checksum. Larger ones are refused with `too-large` before they are read. */
  readonly frameBytesMax: number
  /** The bytes of one pushed entry; a larger one gets a `reject` of kind `too-large`, its neighbours go on. */
  readonly entryBytesMax: number
  /** The bytes of one snapshot; it may continue over several frames. */
  readonly snapshotBytesMax: number
  /** Entries in one `push`, `range` or `focused` frame. */
  readonly entriesPerFrameMax: number
  /** Entries of one group. */
  readonly groupEntriesMax: number
  /** Declarations in one `documents` frame. */
  readonly documentsPerFrameMax: number
  /** How many of the latest declarations a receiver keeps, each kind for itself. See `SlotTable`. */
  readonly documentSlotsMax: number
  readonly writerSlotsMax: number
  readonly spaceSlotsMax: number
  /** Streams open at the same time on one connection; also how many declared stream slots a client keeps. */
  readonly streamsMax: number
  /** Collections, and again entities, that one interest may name. */
  readonly interestNamesMax: number
  /** CRDT client ids in one `writer` frame. */
  readonly clientIdsMax: number
  /** Intervals (runs of numbers) in one `ask`, `acks`, `reject`, `retry` or `unknown` frame. */
  readonly intervalsMax: number
  /** What a stream may send before its first `credit` frame, and the most its balance may reach. */
  readonly creditBytes: number
  /** Bytes of entries that a client may have pushed and not yet seen answered. */
  readonly unansweredBytesMax: number
  readonly accessTokenBytesMax: number
  /** UTF-8 bytes of the sentence in `reject`, `unsubscribed` and `error`. */
  readonly messageBytesMax: number
  /** One presence state. The server drops a larger one, or one too many, without a word: presence is lossy. */
  readonly presenceBytesMax: number
  readonly presencesPerSecondMax: number
  /** Frames of any kind that a client may send, as a mean over ten seconds. */
  readonly framesPerSecondMax: number
  /** The `hello` must arrive this soon after the connection opened. */
  readonly helloMs: number
  /** A client that has sent nothing for so long sends a `ping`. */
  readonly pingMs: number
  /** A side that has received nothing for so long takes the connection for dead. */
  readonly silenceMs: number
}

const kib = 1024
const mib = 1024 * kib
/** The least room beside an entry's own bytes that a frame must offer. */
const envelopeBytes = kib
/** Timers of every platform take so many milliseconds. */
const limitMax = 2 ** 31 - 1

export const defaultLimits: Limits = {
  frameBytesMax: mib,
  entryBytesMax: 256 * kib,
  snapshotBytesMax: 64 * mib,
  entriesPerFrameMax: 1000,
  groupEntriesMax: 1000,
  documentsPerFrameMax: 1000,
  documentSlotsMax: 8192,
  writerSlotsMax: 4096,
  spaceSlotsMax: 4096,
  streamsMax: 8192,
  interestNamesMax: 4096,
  clientIdsMax: 256,
  intervalsMax: 1024,
  creditBytes: mib,
  unansweredBytesMax: 4 * mib,
  accessTokenBytesMax: 8 * kib,
  messageBytesMax: kib,
  presenceBytesMax: 4 * kib,
  presencesPerSecondMax: 10,
  framesPerSecondMax: 200,
  helloMs: 5_000,
  pingMs: 25_000,
  silenceMs: 60_000,
}

/** The order on the wire. */
export const limitNames: readonly (keyof Limits)[] = Object.keys(defaultLimits) as (keyof Limits)[]

/** Limits that both sides can keep: a server checks its configuration with it, a client what it was sent. */
export function checkLimits(limits: Limits): Result<Limits, string> {
  for (const name of limitNames)
    if (!Number.isInteger(limits[name]) || limits[name] < 1 || limits[name] > limitMax)
      return err(`the limit ${name} must be a whole number from 1 to ${limitMax}`)
  if (limits.frameBytesMax < limits.entryBytesMax + envelopeBytes)
    return err(`frameBytesMax must be over entryBytesMax by ${envelopeBytes}`)
  const slots = Math.min(limits.documentSlotsMax, limits.writerSlotsMax)
  if (slots < 2 * Math.max(limits.entriesPerFrameMax, limits.documentsPerFrameMax))
    return err('documentSlotsMax and writerSlotsMax must be twice entriesPerFrameMax and documentsPerFrameMax at least')
  if (limits.spaceSlotsMax < 2 || limits.streamsMax < 2) return err('spaceSlotsMax and streamsMax must be 2 at least')
  return ok(limits)
}
