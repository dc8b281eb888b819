import { doing, isFounding } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing } from './tally.ts'
import type { Tally } from './tally.ts'

/** Of several versions the best one counts. */
export const judgeCounter: FieldJudge = ({ acts, versions }) => {
  const added = doing(acts, 'add')
  const founded = added.filter(isFounding).map(({ deed }) => deed.amount)
  const amounts = added.filter((act) => !isFounding(act)).map(({ deed }) => deed.amount)
  const sum = added.reduce((so, { deed }) => so + deed.amount, 0)
  const [best = nothing] = versions
    .map((version) => explained({ amounts, founded, missing: sum - (typeof version === 'number' ? version : 0) }))
    .sort((a, b) => wrongIn(a) - wrongIn(b))
  return { ...best, effects: amounts.length }
}

const wrongIn = ({ lost, startLost, doubled }: Tally): number => lost + startLost + doubled

interface Missing {
  /** That people added. */
  readonly amounts: readonly number[]
  /** That were there when they began. */
  readonly founded: readonly number[]
  readonly missing: number
}

/**
 * Which additions are missing nobody can tell, only how much is. Where all amounts are equal, that divided by the amount
 * says how many; where they differ, the largest that fit are taken first, so that it is about the fewest, and those of
 * people before what was there. What is too much, or more than there is to miss, was counted twice.
 */
function explained({ amounts, founded, missing }: Missing): Tally {
  const sign = Math.sign(missing)
  const lost = fitting(sizes(amounts, sign), Math.abs(missing))
  const startLost = fitting(sizes(founded, sign), lost.left)
  const { left } = startLost
  const [largest = left] = sizes([...amounts, ...founded], -sign)
  return { ...nothing, lost: lost.count, startLost: startLost.count, doubled: left > 0 ? Math.ceil(left / largest) : 0 }
}

/** The largest first. */
const sizes = (amounts: readonly number[], sign: number): readonly number[] =>
  amounts
    .filter((amount) => Math.sign(amount) === sign)
    .map(Math.abs)
    .sort((a, b) => b - a)

function fitting(sizes: readonly number[], into: number): { readonly count: number; readonly left: number } {
  let left = into
  let count = 0
  for (const size of sizes) {
    if (size > left) continue
    left -= size
    count++
  }
  return { count, left }
}
