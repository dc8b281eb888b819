import { doing, saw } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { membershipsOf, tallyOfThings } from './membership.ts'
import { Occurrences } from './occurrences.ts'
import { Standing } from './standing.ts'
import { tallyOf } from './tally.ts'
import type { Told } from './tally.ts'
import { itemsOf } from './versions.ts'

/** Lines are only ever added, at the end: none that its author knew of comes behind a line. */
export const judgeLog: FieldJudge = ({ acts, versions }) => {
  const appended = doing(acts, 'append')
  const byLine = new Map(appended.map((act) => [act.deed.line, act]))
  const lines = membershipsOf([...byLine], [])
  const shown = new Occurrences(versions.map(itemsOf))
  const standings = versions.map((version) => new Standing(itemsOf(version)))
  const fates = appended.map((act): Told => {
    const { line } = act.deed
    const there = standings.filter((version) => version.has(line))
    if (there.length === 0) return [act, 'lost']
    const isBehindAll = (version: Standing): boolean =>
      version.behind(line).every((other) => {
        const later = byLine.get(other)
        return later === undefined || !saw(act, later)
      })
    return [act, there.some(isBehindAll) ? 'kept' : 'misplaced']
  })
  return { ...tallyOfThings(lines, shown), ...tallyOf(fates) }
}
