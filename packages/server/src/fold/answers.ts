import { err } from '@rejoin/base'
import type { Engine, Update } from '@rejoin/documents'
import { isLost } from '../engines.ts'
import { foldUpdates } from './fold.ts'
import type { Folded } from './fold.ts'

/** What became of one document. */
export interface FoldAnswer {
  readonly folded: Folded
  /** The engine has failed over it: nothing more is to be read in this thread. */
  readonly isSpent: boolean
}

/** Folds documents one after another and answers each at once, up to one that the engine fails over. */
export async function foldAll(
  documents: readonly (readonly Update[])[],
  engineOf: (updates: readonly Update[]) => Promise<Engine>,
  answered: (answer: FoldAnswer) => void,
): Promise<void> {
  for (const updates of documents) {
    const answer = foldOne(await engineOf(updates), updates)
    answered(answer)
    if (answer.isSpent) return
  }
}

function foldOne(engine: Engine, updates: readonly Update[]): FoldAnswer {
  try {
    return { folded: foldUpdates(engine, updates), isSpent: false }
  } catch (cause) {
    if (!isLost(cause)) throw cause
    return { folded: err({ kind: 'undecodable', message: `The engine ${engine.name} failed over it.` }), isSpent: true }
  }
}
