import type { Law } from '../case.ts'
import { byteLaws } from './bytes.ts'
import { changingLaws } from './changes.ts'
import { markLaws } from './marks.ts'
import { toldLaws } from './told.ts'
import { valueLaws } from './values.ts'

/** What every engine promises of each of its methods, on examples. */
export const portLaws: readonly Law[] = [...changingLaws, ...valueLaws, ...markLaws, ...byteLaws, ...toldLaws]
