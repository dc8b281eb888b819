import type { DeviceId, Intervals, SpaceId, WriterId } from '@rejoin/base'
import type { PushEntry } from './entries.ts'
import type { Interest } from './interest.ts'
import type { Token } from './token.ts'

/**
 * Client, once, as its first frame, within `helloMs`. Anything else first is answered with an `error` of kind
 * `bad-frame`. The server answers `welcome` or `error`. The client may send declarations, `push`, `ask` and, if
 * `cursors` is empty, `subscribe` right behind it without waiting: the server takes them in order after `welcome`.
 */
export interface HelloFrame {
  readonly kind: 'hello'
  /** `protocolVersion` of the client. Another one is answered with `protocol-version`; this field never moves. */
  readonly protocol: number
  readonly device: DeviceId
  /** Who the user is; empty where the server asks for none. Never logged. */
  readonly accessToken: string
  /** `cursorsHash` of all streams: 16 bytes; or empty, if the client knows itself not to be level. */
  readonly cursors: Uint8Array
}

/** Client, before its access token expires: same tenant and user. No answer if accepted, else `error`. */
export interface AuthFrame {
  readonly kind: 'auth'
  readonly accessToken: string
}

/** Client, before a slot of a space is used. Names a space; asks for nothing and needs no right. */
export interface SpaceFrame {
  readonly kind: 'space'
  readonly slot: number
  readonly space: SpaceId
}

/**
 * Client, before a writer slot is used: this writer in this space. Sent again for the same slot whenever the
 * writer starts to use further client ids, before the first entry that carries one.
 */
export interface WriterFrame {
  readonly kind: 'writer'
  readonly slot: number
  /** Space slot. */
  readonly space: number
  readonly writer: WriterId
  /** Further CRDT client ids of this writer, 32 bits each; the server adds them to those it has. */
  readonly clientIds: readonly number[]
}

/**
 * Client, to open a stream. Answered with `subscribed`, then ranges from `after` on (verdict `continue`) or from 0
 * (`restart`), then live ranges for as long as the connection lasts; or with `unsubscribed`. The server remembers
 * the open streams of each device until `unsubscribe`, over the end of the connection.
 */
export interface SubscribeFrame {
  readonly kind: 'subscribe'
  /** The client's number for the stream, used for no other on this connection. */
  readonly stream: number
  /** Space slot. */
  readonly space: number
  readonly interest: Interest
  /** The cursor: everything of the interest up to here is durable on the client. Empty: from the beginning. */
  readonly after: Token
  /** The greatest token of this space that the client ever saw, in acks too; the verdict is judged on it. */
  readonly seen: Token
}

/** Client. The server stops the stream and forgets its interest; ranges on the way are dropped. No answer. */
export interface UnsubscribeFrame {
  readonly kind: 'unsubscribe'
  readonly stream: number
}

/**
 * Client, after it stored ranges: the server may send so many bytes more of this stream's `range` and `focused`
 * frames, counted in whole frames. A stream starts with `creditBytes`; each frame sent is taken off; the server
 * sends while the balance is above zero, so one frame may overdraw it.
 */
export interface CreditFrame {
  readonly kind: 'credit'
  readonly stream: number
  readonly bytes: number
}

/**
 * Client. Entries of one writer in one space, in ascending order of `n`. Each is answered for itself, once, by
 * `acks`, `reject` or `retry`. A group may continue in the next `push` of the writer; the server decides it when
 * its last entry is in.
 */
export interface PushFrame {
  readonly kind: 'push'
  /** Writer slot; it names the space too. */
  readonly writer: number
  readonly entries: readonly PushEntry[]
}

/** Client, about entries whose answer it never got. The server answers `acks`, `reject` and `unknown` for them all. */
export interface AskFrame {
  readonly kind: 'ask'
  /** Writer slot. */
  readonly writer: number
  readonly intervals: Intervals
}

/** Client, when a person waits for one document of a stream that is not level. Answered with `focused`. */
export interface FocusFrame {
  readonly kind: 'focus'
  readonly stream: number
  /** The client's document slot. */
  readonly document: number
}

/** Client: its ephemeral state, to be shown to others who have the document open. Empty bytes take it back. No answer. */
export interface PresenceFrame {
  readonly kind: 'presence'
  /** Space slot. */
  readonly space: number
  /** The client's document slot. */
  readonly document: number
  readonly bytes: Uint8Array
}

/** Client, after `pingMs` in which it sent nothing. The server answers `pong`. */
export interface PingFrame {
  readonly kind: 'ping'
}
