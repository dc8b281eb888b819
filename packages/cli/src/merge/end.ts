import { canonicalHash } from '@rejoin/documents'
import type { EngineDocument } from '@rejoin/documents'

/** What a replica holds when it has everything. */
export interface End {
  /** `author 0` or `replica 1`. */
  readonly who: string
  readonly text: string
  readonly hash: string
  /** Whether it still waits for something, though there is nothing more. */
  readonly waits: boolean
}

/** Takes the end of a replica that is needed no more. */
export function endOf(who: string, document: EngineDocument): End {
  const text = document.text.read()
  const end = { who, text, hash: canonicalHash(text), waits: document.pending() }
  document.dispose()
  return end
}
