import { doing } from './act.ts'
import type { FieldJudge } from './field-end.ts'
import { nothing } from './tally.ts'
import type { Tally } from './tally.ts'

/** Of several versions the best one counts. */
export const judgeCounter: FieldJudge = ({ acts, versions }) => {
  const amounts = doing(acts, 'add').map(({ deed }) => deed.amount)
  const sum = amounts.reduce((so, amount) => so + amount, 0)
  const [best = nothing] = versions
    .map((version) => explained(amounts, sum - (typeof version === 'number' ? version : 0)))
    .sort((a, b) => a.lost + a.doubled - b.lost - b.doubled)
  return { ...best, effects: amounts.length }
}

/**
 * Which additions are missing nobody can tell, only how much is. Where all amounts are equal, that divided by the amount
 * says how many; where they differ, the largest that fit are taken first, so that it is about the fewest. What is too
 * much, or more than there is to miss, was counted twice.
 */
function explained(amounts: readonly number[], missing: number): Tally {
  const sizes = (sign: number): readonly number[] =>
    amounts
      .filter((amount) => Math.sign(amount) === sign)
      .map(Math.abs)
      .sort((a, b) => b - a)
  let left = Math.abs(missing)
  let lost = 0
  for (const size of sizes(Math.sign(missing))) {
    if (size > left) continue
    left -= size
    lost++
  }
  const [largest = left] = sizes(-Math.sign(missing))
  return { ...nothing, lost, doubled: left > 0 ? Math.ceil(left / largest) : 0 }
}
