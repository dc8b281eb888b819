import type { Outcome, RunOptions } from '../run.ts'
import { clockActs } from '../acts/clocks.ts'
import type { Schedule } from '../schedule/types.ts'
import { diceOf } from '../world/dice.ts'

const yearMs = 365 * 24 * 3_600_000
/** Less than the skew that everybody allows. */
const apartMs = 120_000

type Run = (schedule: Schedule, options: RunOptions) => Promise<Outcome>

/**
 * Runs a schedule again with other clocks: all of them years away, and each apart from the others. What is accepted
 * must be the same. What the schedule itself does to clocks is left out, since it may have writes refused; and so is
 * all that goes by bytes, which stamps of other years may change by one: slow links, small limits, bits that flip, a
 * hostile user.
 * Resolves to the run with other clocks, and what is wrong with either or between them.
 */
export async function checkClocks(run: Run, schedule: Schedule): Promise<Outcome> {
  const acts = schedule.acts.filter(({ what }) => !(what in clockActs) && what !== 'slow-link' && what !== 'rot')
  const conditions = { ...schedule.conditions, tiny: 0, hostile: 0, apartMs: 0 }
  const strikes =
    schedule.strikes === 'by-odds' ? schedule.strikes : schedule.strikes.filter(({ fault }) => fault !== 'flip')
  const quiet = { ...schedule, conditions, acts, strikes, odds: { ...schedule.odds, flip: 0 } }
  const plain = await run(quiet, {})
  const apart = (name: string): number => 3 * yearMs + diceOf(schedule.seed, 'clock', name).between(-apartMs, apartMs)
  const other = await run(quiet, { clockOffsetMs: apart })
  const wrong = [...plain.wrong, ...other.wrong.map((sentence) => `with other clocks: ${sentence}`)]
  if (wrong.length === 0 && plain.accepted.join('') !== other.accepted.join(''))
    wrong.push(
      `[I24] with other clocks the server took ${other.accepted.length} of ${other.edits} edits, not ${plain.accepted.length} of ${plain.edits}`,
    )
  return { ...other, wrong }
}
