import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'

/**
 * Why a document was not folded.
 * - `undecodable`: its bytes are no updates, or its snapshot does not say the same: it is left alone for good
 * - `pending`: an update it builds on has not come; it may come
 * - `budget`: it took more time or memory than a fold may take
 */
export interface FoldFailure {
  readonly kind: 'undecodable' | 'pending' | 'budget'
  readonly message: string
}

export type Folded = Result<Update, FoldFailure>

/** All of a document's updates as one, after checking that a document made from it reads the same. */
export function foldUpdates(engine: Engine, updates: readonly Update[]): Folded {
  const document = engine.create()
  const copy = engine.create()
  try {
    document.apply(updates)
    if (document.pending()) return err({ kind: 'pending', message: 'An update that others build on is missing.' })
    const snapshot = document.snapshot()
    copy.apply([snapshot])
    if (contentOf(copy) === contentOf(document) && !copy.pending()) return ok(snapshot)
    return err({ kind: 'undecodable', message: 'The snapshot does not read like the document.' })
  } catch (cause) {
    if (!(cause instanceof RejoinError)) throw cause
    return err({ kind: 'undecodable', message: cause.message })
  } finally {
    document.dispose()
    copy.dispose()
  }
}

/** Everything a document says, as text: equal for documents that read the same, whatever their bytes. */
export function contentOf({ registers, text, list }: EngineDocument): string {
  const keys = [...registers.keys()].sort()
  return JSON.stringify([keys.map((key) => [key, registers.survivors(key)]), text.read(), list.read()])
}
