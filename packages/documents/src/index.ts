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
export type { DocumentUpdate, EditResult, Entity, EntityOptions } from './entity.ts'
export { createdKey, viewOf } from './view.ts'
export type { Misfit, ViewOptions } from './view.ts'
export { inherit } from './heirs.ts'
