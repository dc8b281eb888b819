import { lastWriteWins } from './last-write-wins.ts'
import type { PolicyRules } from './policy.ts'

/** Shows the last write; that there are others is a conflict until somebody writes over all of them. */
export const manual: PolicyRules = lastWriteWins
