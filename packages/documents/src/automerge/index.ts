import { openLibrary } from '#automerge'
import type { AutomergeWasm } from '#automerge'
import type { Engine } from '../engine.ts'
import { engineOver } from './over.ts'

export type { AutomergeWasm } from '#automerge'

export interface AutomergeOptions {
  /**
   * The wasm of `@automerge/automerge`, the file `@automerge/automerge/automerge.wasm`: where it is, what fetching it
   * gave, or its bytes. Browsers need it; in Node it is read from the package if it is not given.
   */
  readonly wasm?: AutomergeWasm
}

/**
 * The engine port over Automerge 3. All its documents share the memory of one wasm; if that fails inside, they and the
 * engine refuse everything with `engine-lost`, and another engine is to be opened: in Node by calling this again, in a
 * browser in a fresh worker or page.
 */
export const openAutomerge = async (options: AutomergeOptions = {}): Promise<Engine> =>
  engineOver(await openLibrary(options.wasm))
