import type { Law } from './case.ts'
import { changeLaws } from './change-laws.ts'
import { mergeLaws } from './merge-laws.ts'

/** What every engine promises. */
export const engineLaws: readonly Law[] = [...mergeLaws, ...changeLaws]
