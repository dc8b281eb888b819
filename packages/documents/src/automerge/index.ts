import { openLibrary } from '#automerge'
import type { AutomergeWasm } from '#automerge'
import type { Engine } from '../engine.ts'
import { AutomergeDocument } from './document.ts'
import { squash } from './squash.ts'
import { changesOfEach } from './told.ts'

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
export async function openAutomerge(options: AutomergeOptions = {}): Promise<Engine> {
  const library = await openLibrary(options.wasm)
  return {
    name: 'automerge',
    encodings: ['automerge'],
    create: () => {
      library.check()
      return new AutomergeDocument(library)
    },
    squash,
    changes: (before, update) => changesOfEach(library, before, [update])[0]?.changes ?? [],
    changesOfEach: (before, updates) => changesOfEach(library, before, updates),
  }
}
