/**
 * Every frame of the protocol. One frame is one binary WebSocket message: type (1 byte), body, CRC-32 (4 bytes).
 * The rules are in SPEC.md; the bytes come from the one table in `shapes.ts`.
 *
 * A slot is the sender's small number for a name, declared before its first use and never given another meaning
 * on that connection. Each direction has slots of its own. Answers (`acks`, `reject`, `retry`, `unknown`) repeat
 * the client's writer slot; every other slot in a frame is its sender's.
 */
import type {
  HelloFrame,
  AuthFrame,
  SpaceFrame,
  WriterFrame,
  SubscribeFrame,
  UnsubscribeFrame,
  CreditFrame,
  PushFrame,
  AskFrame,
  FocusFrame,
  PresenceFrame,
  PingFrame,
} from './client-frames.ts'
import type { DocumentDeclaration } from './entries.ts'
import type {
  WelcomeFrame,
  SubscribedFrame,
  UnsubscribedFrame,
  StreamFrame,
  AuthorFrame,
  RangeFrame,
  FocusedFrame,
  AcksFrame,
  RejectFrame,
  RetryFrame,
  UnknownFrame,
  PresenceOfFrame,
  PongFrame,
  ErrorFrame,
} from './server-frames.ts'

export type ClientFrame =
  | HelloFrame
  | AuthFrame
  | SpaceFrame
  | WriterFrame
  | DocumentsFrame
  | SubscribeFrame
  | UnsubscribeFrame
  | CreditFrame
  | PushFrame
  | AskFrame
  | FocusFrame
  | PresenceFrame
  | PingFrame
  | UnsupportedFrame

export type ServerFrame =
  | WelcomeFrame
  | SubscribedFrame
  | UnsubscribedFrame
  | StreamFrame
  | DocumentsFrame
  | AuthorFrame
  | RangeFrame
  | FocusedFrame
  | AcksFrame
  | RejectFrame
  | RetryFrame
  | UnknownFrame
  | PresenceOfFrame
  | PongFrame
  | UnsupportedFrame
  | ErrorFrame

/** Both sides, before a document slot is used. A slot means an address in one generation, in whatever space. */
export interface DocumentsFrame {
  readonly kind: 'documents'
  readonly documents: readonly DocumentDeclaration[]
}

/** Both sides: the receiver does not know frames of this type and dropped one. The connection goes on. Never answered. */
export interface UnsupportedFrame {
  readonly kind: 'unsupported'
  /** The type byte that was not understood. */
  readonly type: number
}
