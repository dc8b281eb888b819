export { closeCodeOf, kindOfClose } from './close.ts'
export { decodeClientFrame, decodeServerFrame, encodeClientFrame, encodeServerFrame } from './codec.ts'
export { createJoiner, cutFrames } from './continuation.ts'
export type { Joiner } from './continuation.ts'
export { canonicalCursors, cursorsHash, helloCursors } from './cursors.ts'
export type { Cursor } from './cursors.ts'
export type { DocumentDeclaration, PushEntry, RangeEntry, RangeSnapshot, RangeUpdate } from './entries.ts'
export type { FrameError } from './error.ts'
export type { ClientFrame, DocumentsFrame, ServerFrame, UnsupportedFrame } from './frames.ts'
export type {
  AskFrame,
  AuthFrame,
  CreditFrame,
  FocusFrame,
  HelloFrame,
  PingFrame,
  PresenceFrame,
  PushFrame,
  SpaceFrame,
  SubscribeFrame,
  UnsubscribeFrame,
  WriterFrame,
} from './client-frames.ts'
export type {
  AcksFrame,
  AuthorFrame,
  ErrorFrame,
  FocusedFrame,
  More,
  PongFrame,
  PresenceOfFrame,
  RangeFrame,
  RejectFrame,
  RetryFrame,
  StreamFrame,
  SubscribedFrame,
  UnknownFrame,
  UnsubscribedFrame,
  WelcomeFrame,
} from './server-frames.ts'
export {
  entityKey,
  everything,
  interestFilter,
  interestIn,
  interestKey,
  isEverything,
  joinInterests,
  parseEntityKey,
  sameInterest,
} from './interest.ts'
export type { EntityKey, Interest } from './interest.ts'
export { checkLimits, defaultLimits, limitNames } from './limits.ts'
export type { Limits } from './limits.ts'
export { splitIntervals } from './split-intervals.ts'
export { DeclaredSlots, SlotDeclarer, SlotTable } from './slots.ts'
export {
  compareTokens,
  decodeToken,
  emptyToken,
  encodeToken,
  epochOf,
  isEmptyToken,
  parseToken,
  sameToken,
  seqOf,
  tokenBytesMax,
} from './token.ts'
export type { Token, TokenParts } from './token.ts'
export { protocolVersion } from './version.ts'
