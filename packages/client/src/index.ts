export type { ContestCounts, Competing, Conflict, Life, Misfit, Resolution, Resolved } from '@rejoin/documents'
export type {
  CollectionHandle,
  Collections,
  Conflicts,
  EditOptions,
  EntityConflict,
  EntityHandle,
  ExportedWrite,
  InterestOption,
  ListOptions,
  OpenOption,
  QuarantinedWrite,
  Receipt,
  ReceiptState,
  Rejoin,
  RejoinBase,
  SpaceOption,
  Status,
  Traffic,
  UndoOption,
  UndoState,
  Watchable,
} from './api.ts'
export type { TokenSource } from './credentials.ts'
export { replicaLimits } from './options.ts'
export type { RejoinOptions, ReplicaLimits, ReplicaPorts } from './options.ts'
export { openRejoin } from './rejoin.ts'
export type { Link, LinkEvents, Transport } from './transport.ts'
