export {
  addNumber,
  addRun,
  countNumbers,
  eachNumber,
  firstNumbers,
  hasNumber,
  insertRun,
  noIntervals,
  overlap,
  toIntervals,
  without,
} from './intervals.ts'
export type { Intervals } from './intervals.ts'
export { ByteReader, ByteWriter, BytesError } from './bytes.ts'
export { crc32 } from './crc32.ts'
export { documentKey, firstGeneration, parseDocumentKey, rootKey, sameGeneration } from './document.ts'
export type { DocumentAddress, DocumentKey, Generation, Part } from './document.ts'
export { encodings, entryKinds, laneRank, lanes, sameEntry } from './entry.ts'
export type { Encoding, Entry, EntryId, EntryKind, Lane } from './entry.ts'
export { errorKinds, hintOf, isErrorKind, RejoinError, retryOf } from './error.ts'
export type { ErrorKind, Retry } from './error.ts'
export { fromHex, toHex } from './hex.ts'
export {
  collectionName,
  deviceId,
  entityId,
  fieldName,
  isId,
  isOpaqueId,
  newDeviceId,
  newEntityId,
  newWriterId,
  spaceId,
  tenantId,
  userId,
  writerId,
} from './ids.ts'
export type { CollectionName, DeviceId, EntityId, FieldName, SpaceId, TenantId, UserId, WriterId } from './ids.ts'
export { invariant, InvariantError, unreachable } from './invariant.ts'
export { silent } from './ports.ts'
export type { Clock, Log, LogLevel, Random, Timers } from './ports.ts'
export { err, ok } from './result.ts'
export type { Result } from './result.ts'
export { isStamp, nextStamp, noStamp, observeStamp, skewAllowedMs, stampAt, wallOf } from './stamp.ts'
export type { Stamp } from './stamp.ts'
