import type { Json } from '@rejoin/schema'
import type { PolicyRules } from './policy.ts'

/** Nobody writes over a value that they see; of concurrent ones the least stamp wins. */
export const firstWriteWins: PolicyRules = {
  writes: (seen) => seen.length === 0,
  read: (values) => values[0] as Json,
  goesBack: false,
}
