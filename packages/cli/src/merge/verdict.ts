import { differenceOf } from '@rejoin/lab/trace'
import type { End } from './end.ts'

export interface Verdict {
  /** The text of every replica and author is the trace's `endContent`. */
  readonly endContentMatches: boolean
  /** The canonical contents of all replicas and authors are equal. */
  readonly hashesEqual: boolean
  readonly ok: boolean
  /** What did not hold, in sentences; empty if `ok`. */
  readonly failures: readonly string[]
}

export function judge(endContent: string, ends: readonly End[]): Verdict {
  const others = ends.flatMap(({ who, text }) => {
    const difference = differenceOf(text, endContent)
    return difference === undefined ? [] : [`The text of ${who} is not the endContent of the trace: ${difference}.`]
  })
  const contents = new Set(ends.map(({ hash }) => hash)).size
  const unequal = contents > 1 ? [`Authors and replicas end with ${contents} different contents.`] : []
  const waiting = ends.filter(({ waits }) => waits).map(({ who }) => `At ${who} updates still wait for others.`)
  const failures = [...others, ...unequal, ...waiting]
  return {
    endContentMatches: others.length === 0,
    hashesEqual: unequal.length === 0,
    ok: failures.length === 0,
    failures,
  }
}
