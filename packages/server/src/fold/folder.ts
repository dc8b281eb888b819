import type { Engine, Update } from '@rejoin/documents'
import { foldUpdates } from './fold.ts'
import type { Folded } from './fold.ts'

/** Where documents are read: apart from the loop, because bytes from a client may take for ever to decode. */
export interface Folder {
  /** One result for each document, in order. Every document has its own budget. */
  fold(documents: readonly (readonly Update[])[]): Promise<readonly Folded[]>
  close(): Promise<void>
}

/** Folds on the spot, without a budget: for simulations and tests, where nobody is hostile. */
export const inlineFolder = (engine: Engine): Folder => ({
  fold: (documents) => Promise.resolve(documents.map((updates) => foldUpdates(engine, updates))),
  close: () => Promise.resolve(),
})
