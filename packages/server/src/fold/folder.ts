import { invariant } from '@rejoin/base'
import type { Encoding } from '@rejoin/base'
import { Engines } from '@rejoin/documents'
import type { Engine, Update } from '@rejoin/documents'
import { foldUpdates } from './fold.ts'
import type { Folded } from './fold.ts'

/** Where documents are read: apart from the loop, because bytes from a client may take for ever to decode. */
export interface Folder {
  /** What it can read; documents of others are not given to it. */
  readonly encodings: readonly Encoding[]
  /** One result for each document, in order. Every document has its own budget. */
  fold(documents: readonly (readonly Update[])[]): Promise<readonly Folded[]>
  close(): Promise<void>
}

/** Folds on the spot, without a budget: for simulations and tests, where nobody is hostile. */
export function inlineFolder(engines: readonly Engine[]): Folder {
  const joined = new Engines(engines)
  const fold = (updates: readonly Update[]): Folded => {
    const engine = updates[0] && joined.reading(updates[0].encoding)
    invariant(engine !== undefined, 'only what can be read is folded')
    return foldUpdates(engine, updates)
  }
  return {
    encodings: engines.flatMap((engine) => engine.encodings),
    fold: (documents) => Promise.resolve(documents.map(fold)),
    close: () => Promise.resolve(),
  }
}
