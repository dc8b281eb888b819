export { canonicalHash } from './canonical.ts'
export { clientIdOf, ClientIds } from './client-ids.ts'
export type {
  Engine,
  EngineDocument,
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
