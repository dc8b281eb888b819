import type { PartDocument } from '@rejoin/schema'
import type { EngineDocument } from '../engine.ts'

/** Documents that are not the entity's own. */
export interface Adoption {
  /** A document that a provider fills, keeps and sends; asked once for each document, those of other users too. */
  readonly documentFor?: ((at: PartDocument) => EngineDocument | undefined) | undefined
  /** A provider has brought something. */
  readonly changed?: (() => void) | undefined
  /** An observer has thrown, such as the view of an editor; what was written holds. By default an error of nobody's. */
  readonly failed?: ((error: unknown) => void) | undefined
}
