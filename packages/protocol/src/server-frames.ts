import type { ErrorKind, Generation, Intervals, UserId, WriterId } from '@rejoin/base'
import type { RangeEntry } from './entries.ts'
import type { Limits } from './limits.ts'
import type { Token } from './token.ts'

/** Server, once, as its first frame, when the client's access token was accepted. */
export interface WelcomeFrame {
  readonly kind: 'welcome'
  readonly protocol: number
  /** Id of this session: 16 bytes as hex. Names it in `presence` and in the server's log. */
  readonly session: string
  /** The server's wall clock: milliseconds since 1970-01-01Z. */
  readonly clockMs: number
  readonly limits: Limits
  /**
   * True: the hash in `hello` is that of the streams remembered for this device, each at its space's head. They
   * are all open and live without being subscribed; stream i is the i-th in `canonicalCursors` order.
   * False: none is open, and what was remembered is forgotten; the client subscribes.
   */
  readonly level: boolean
}

/** Server, in answer to `subscribe`. */
export interface SubscribedFrame {
  readonly kind: 'subscribed'
  readonly stream: number
  /** `restart`: the log is not the one the client knew; its ranges begin at 0 and the client offers what is lost. */
  readonly verdict: 'continue' | 'restart'
  /** Where the log of the space ends now; the stream is level when its cursor is here. */
  readonly head: Token
}

/** Server: a `subscribe` is refused, or an open stream ends (a right withdrawn, a space deleted). Nothing more comes of it. */
export interface UnsubscribedFrame {
  readonly kind: 'unsubscribed'
  readonly stream: number
  readonly error: ErrorKind
  readonly message: string
}

/**
 * Server, before a stream slot is used: its frames with this slot belong to the client's stream. The server may give
 * the same slot to all connections with this space and interest, so that one encoded frame serves them all.
 */
export interface StreamFrame {
  readonly kind: 'stream'
  readonly slot: number
  readonly stream: number
}

/** Server, before a writer slot is used: who this writer is. Comes from the log, stamped when its first entry came. */
export interface AuthorFrame {
  readonly kind: 'writer'
  readonly slot: number
  readonly writer: WriterId
  readonly user: UserId
}

/**
 * Server: everything of the stream's interest in (from, to], where to = `seqOf(token)`. What this connection itself
 * pushed and saw acked may be left out. The client: ignores it if to ≤ cursor; stores it with cursor = token in one
 * transaction if from ≤ cursor; else it has lost something: it unsubscribes, and subscribes from its cursor.
 */
export interface RangeFrame {
  readonly kind: 'range'
  /** The server's stream slot. */
  readonly stream: number
  readonly from: number
  readonly token: Token
  readonly entries: readonly RangeEntry[]
  /**
   * - `no`: the range is complete with this frame
   * - `entries`: the stream's next `range` frame repeats `from` and `token` and brings further entries
   * - `bytes`: the same, and its first entry continues the bytes of this frame's last one
   *
   * Only a complete range is applied. See `cutFrames` and `createJoiner`.
   */
  readonly more: More
}

export type More = 'no' | 'entries' | 'bytes'

/** Server, in answer to `focus`: all of one document up to the head. Idempotent; no cursor moves. */
export interface FocusedFrame {
  readonly kind: 'focused'
  /** The server's stream slot. */
  readonly stream: number
  /** The server's document slot. */
  readonly document: number
  /** The document is complete up to this sequence number. */
  readonly to: number
  readonly entries: readonly RangeEntry[]
  /** As in `RangeFrame`: continues in the next `focused` frame of the stream. */
  readonly more: More
}

/** Server: these entries are committed and fsynced, and so are their groups and everything before them by `after`. */
export interface AcksFrame {
  readonly kind: 'acks'
  /** The client's writer slot. */
  readonly writer: number
  readonly intervals: Intervals
  /** The head of the space when they were committed. It moves no cursor. */
  readonly head: Token
}

/** Server: these entries are refused for ever. A resend gets the same answer. */
export interface RejectFrame {
  readonly kind: 'reject'
  /** The client's writer slot. */
  readonly writer: number
  readonly intervals: Intervals
  readonly error: ErrorKind
  readonly message: string
  /** Kind `generation` only: the server's generation of the one document that these entries are of; undefined for the first. */
  readonly generation: Generation | undefined
}

/** Server: these entries are not decided. The client sends the same bytes again, not before `afterMs`. */
export interface RetryFrame {
  readonly kind: 'retry'
  /** The client's writer slot. */
  readonly writer: number
  readonly intervals: Intervals
  readonly error: ErrorKind
  readonly afterMs: number
}

/** Server, in answer to `ask`: these entries were never decided here; they may be sent. */
export interface UnknownFrame {
  readonly kind: 'unknown'
  /** The client's writer slot. */
  readonly writer: number
  readonly intervals: Intervals
}

/** Server: the presence of another session. Lossy: a newer one replaces it; empty bytes mean it is gone. */
export interface PresenceOfFrame {
  readonly kind: 'presence'
  /** The server's stream slot. */
  readonly stream: number
  /** The server's document slot. */
  readonly document: number
  /** Stamped by the server, like `user`: 16 bytes as hex. */
  readonly session: string
  readonly user: UserId
  readonly bytes: Uint8Array
}

/** Server, in answer to `ping`. */
export interface PongFrame {
  readonly kind: 'pong'
  /** As in `WelcomeFrame`. */
  readonly clockMs: number
}

/** Server, as its last frame before it closes with `closeCodeOf(error)`. */
export interface ErrorFrame {
  readonly kind: 'error'
  readonly error: ErrorKind
  /** One sentence for a person: no payload, no token. */
  readonly message: string
  /** Not to be tried again sooner, in milliseconds; 0 if the client may choose. */
  readonly afterMs: number
}
