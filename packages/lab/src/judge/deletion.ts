import type { Act } from './act.ts'
import { doing } from './act.ts'
import { nothing } from './tally.ts'
import type { Tally } from './tally.ts'

/** Nobody undeletes, so one deletion is enough. Undefined if there was none. What is in a deleted entity is not judged. */
export function judgeDeletion(acts: readonly Act[], isShown: boolean): Tally | undefined {
  if (doing(acts, 'delete').length === 0) return undefined
  return { ...nothing, deletions: 1, ghosts: isShown ? 1 : 0 }
}
