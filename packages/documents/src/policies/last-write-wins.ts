import type { Json } from '@rejoin/schema'
import type { PolicyRules } from './policy.ts'

/** The greatest stamp, ties by the engine's own order, which is the same on every replica. */
export const lastWriteWins: PolicyRules = {
  writes: () => true,
  read: (values) => values.at(-1) as Json,
  goesBack: true,
}
