export { createServer } from './server.ts'
export type { RejoinServer, ServerOptions, ServerStats, SpaceName } from './server.ts'
export type { Line } from './connection.ts'
export { defaultTenant, devToken, hs256 } from './identity/hs256.ts'
export type { AuthenticateFactory, DevTokenOptions, Hs256Options } from './identity/hs256.ts'
export type { Authenticate, AuthFailure } from './identity/authenticate.ts'
export { roles } from './identity/principal.ts'
export type { Principal, Role } from './identity/principal.ts'
export type { Refused, Rule, RuleContext } from './admit.ts'
export { memory } from './log/memory.ts'
export type { MemoryBackup, MemoryStore } from './log/memory.ts'
export type { AuditEntry } from './log/audit.ts'
export type { OpenedStore, StoreFactory } from './log/factory.ts'
export type {
  DeviceRecord,
  DocumentRecord,
  LogRow,
  Refusal,
  RowKind,
  SpaceRecord,
  SpaceRef,
  WriterRecord,
} from './log/records.ts'
export type {
  Fold,
  LogBatch,
  LogFailure,
  LogStore,
  Page,
  PageQuery,
  SpaceCommit,
  UnfoldedQuery,
  Wanted,
} from './log/store.ts'
export { defaultServerLimits } from './limits.ts'
export type { PartialLimits, ServerLimits } from './limits.ts'
export type { Hashes, ServerPorts } from './ports.ts'
export { hashes, realPorts } from './platform/ports.ts'
export { listen } from './platform/listen.ts'
export type { Listener, ListenOptions } from './platform/listen.ts'
export { sqlite } from './platform/sqlite/index.ts'
export type { SqliteOptions } from './platform/sqlite/index.ts'
export { inlineFolder } from './fold/folder.ts'
export type { Folder } from './fold/folder.ts'
export type { Folded, FoldFailure } from './fold/fold.ts'
export type { FoldReport } from './fold/folding.ts'
