import { doing } from './act.ts'
import { fatesOfAssignments } from './assignments.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing, tallyOf } from './tally.ts'
import { starsOf } from './versions.ts'

/** Each user's is a value of its own. */
export const judgeVotes: FieldJudge = ({ acts, versions }) => {
  const ofUser = Map.groupBy(doing(acts, 'vote'), ({ deed }) => deed.by)
  const fates = [...ofUser].flatMap(([user, votes]) => {
    const shown = new Set(versions.map((version) => starsOf(version, user)))
    return fatesOfAssignments(votes, ({ deed }) => shown.has(deed.stars))
  })
  return { ...nothing, ...tallyOf(fates) }
}
