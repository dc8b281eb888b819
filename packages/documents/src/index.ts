export type { ContestCounts } from './conflicts/contests.ts'
export type { Competing, Conflict, Resolution, Resolved } from './conflicts/conflict.ts'
export type { Disputes } from './conflicts/disputes.ts'
export type { Names } from './conflicts/listing.ts'
export { canonicalHash } from './view/canonical.ts'
export { clientIdOf, ClientIds } from './client-ids.ts'
export type {
  BlocksRoot,
  Change,
  Engine,
  EngineDocument,
  Heir,
  Host,
  ListRoot,
  RegisterRoot,
  RichTextRoot,
  Survivor,
  TextRoot,
  Told,
  Update,
  WriteId,
} from './engine.ts'
export { Engines } from './engines.ts'
export type { ClientIdSource } from './client-ids.ts'
export { createEntity } from './entity/entity.ts'
export type { DocumentUpdate, EditResult, Entity, EntityLimits, EntityOptions, RepeatResult } from './entity/entity.ts'
export { registersAnew } from './history/anew.ts'
export { describeChanges } from './history/describe.ts'
export type { FieldChange } from './history/describe.ts'
export type { DocumentChanges, DocumentHeirs } from './history/document-changes.ts'
export { UndoStack } from './history/undo-stack.ts'
export type { UndoLimits } from './history/undo-stack.ts'
export { createdKey } from './entity/life.ts'
export type { Life } from './entity/life.ts'
export { withoutGone, withReferences } from './view/references.ts'
export type { IsGone } from './view/references.ts'
export { summaryOf } from './view/summary.ts'
export type { Summary } from './view/summary.ts'
export { viewOf } from './view/view.ts'
export type { Misfit, ViewOptions } from './view/view.ts'
export { inherit } from './history/heirs.ts'
