import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { isLost } from '../engines.ts'

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

/**
 * All of a document's updates as one, after checking that a document made from it reads the same. Throws `engine-lost`:
 * the document is to blame, and nothing more is to be read with this engine.
 */
export function foldUpdates(engine: Engine, updates: readonly Update[]): Folded {
  try {
    const whole = read(engine, updates)
    if (whole === undefined) return err({ kind: 'pending', message: 'An update that others build on is missing.' })
    // One after the other: an engine may need much memory for each.
    if (read(engine, [whole.snapshot])?.content === whole.content) return ok(whole.snapshot)
    return err({ kind: 'undecodable', message: 'The snapshot does not read like the document.' })
  } catch (cause) {
    if (!(cause instanceof RejoinError) || isLost(cause)) throw cause
    return err({ kind: 'undecodable', message: cause.message })
  }
}

/** Undefined if something of it waits. */
function read(
  engine: Engine,
  updates: readonly Update[],
): { readonly snapshot: Update; readonly content: string } | undefined {
  const document = engine.create()
  try {
    document.apply(updates)
    return document.pending() ? undefined : { snapshot: document.snapshot(), content: contentOf(document) }
  } finally {
    document.dispose()
  }
}

/** Everything a document says, as text: equal for documents that read the same, whatever their bytes. */
export function contentOf({ registers, text, list }: EngineDocument): string {
  const keys = [...registers.keys()].sort()
  return JSON.stringify([keys.map((key) => [key, registers.survivors(key)]), text.read(), list.read()])
}
