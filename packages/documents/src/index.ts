export type { CollisionCounts } from './conflicts/collisions.ts'
export type { Competing, Conflict, Resolution, Resolved } from './conflicts/conflict.ts'
export type { Names } from './conflicts/listing.ts'
export { canonicalHash } from './canonical.ts'
export { clientIdOf, ClientIds } from './client-ids.ts'
export type {
  Change,
  Engine,
  EngineDocument,
  Heir,
  Json,
  ListRoot,
  RegisterRoot,
  Survivor,
  TextRoot,
  Update,
  WriteId,
} from './engine.ts'
export type { ClientIdSource } from './entity-documents.ts'
export { createEntity } from './entity.ts'
export type { DocumentUpdate, EditResult, Entity, EntityLimits, EntityOptions } from './entity.ts'
export { createdKey } from './life.ts'
export type { Life } from './life.ts'
export { withReferences } from './references.ts'
export { viewOf } from './view.ts'
export type { Misfit, ViewOptions } from './view.ts'
export { inherit } from './heirs.ts'
