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
 * The fewest additions that explain how much is missing, where nobody can tell which they are: those that are lost, the
 * largest first, and if they are too few, as they are where there is too much, others that count twice. Where all amounts
 * are equal, which is so in the workloads of the lab, it is what is missing, or too much, divided by the amount.
 */
function explained(amounts: readonly number[], missing: number): Tally {
  const sign = Math.sign(missing)
  const bySize = (sign: number): readonly number[] =>
    amounts
      .filter((amount) => Math.sign(amount) === sign)
      .map(Math.abs)
      .sort((a, b) => b - a)
  let left = Math.abs(missing)
  let lost = 0
  for (const size of bySize(sign)) {
    if (left <= 0) break
    left -= size
    lost++
  }
  const [largest = left] = bySize(-sign)
  return { ...nothing, lost, doubled: left > 0 ? Math.ceil(left / largest) : 0 }
}
