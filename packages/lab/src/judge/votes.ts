import { doing } from './act.ts'
import { fatesOfAssignments } from './assignments.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing, tallyOf } from './tally.ts'
import { inventedAmong, starsOf, votersIn } from './versions.ts'

/** Each user's is a value of its own. */
export const judgeVotes: FieldJudge = ({ acts, versions }) => {
  const ofUser = Map.groupBy(doing(acts, 'vote'), ({ deed }) => deed.by)
  const told = [...ofUser].flatMap(([user, votes]) => {
    const shown = new Set(versions.map((version) => starsOf(version, user)))
    return fatesOfAssignments(votes, ({ deed }) => shown.has(deed.stars))
  })
  const users = new Set([...ofUser.keys(), ...versions.flatMap(votersIn)])
  const invented = [...users].map((user) =>
    inventedAmong(
      versions.map((version) => starsOf(version, user)),
      (ofUser.get(user) ?? []).map(({ deed }) => deed.stars),
    ),
  )
  return { ...nothing, ...tallyOf(told), invented: invented.reduce((sum, each) => sum + each, 0) }
}
