import type { Engine } from '../engine.ts'
import type { Law, LawOptions } from './case.ts'

/**
 * What breaks a law that an engine skips, as the law tells it: the evidence for the reason given. Throws if nothing does,
 * because a law that is kept is not to be skipped.
 */
export function counterexampleOf(law: Law, engine: Engine, options?: LawOptions): string {
  try {
    law.check(engine, options)
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
  throw new Error(`${law.title}: ${engine.name} skips this law, and keeps it`)
}
