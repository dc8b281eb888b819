import { properName } from '../engines.ts'
import type { Child } from '../platform/child.ts'
import { auditLog } from './audit.ts'
import type { Audit } from './audit.ts'
import type { Expected, FollowerCalls, RawSession } from './roles.ts'
import { foundIn, present, settleWithinMs } from './stage.ts'
import type { Session } from './stage.ts'
import type { Found } from './verdict.ts'

/** What is found once nothing is written any more. */
export interface Ending {
  readonly audit: Audit
  readonly third: Found
  readonly catchUpMs: number
  readonly rawApplyMs: number
  readonly raw: Omit<RawSession, 'states'>
}

/** The log is held against the acks and folded; bare documents play the trace, alone; then a third replica joins empty. */
export async function endSession(
  session: Session,
  follower: Child<FollowerCalls>,
  expected: Expected,
): Promise<Ending> {
  const { cast, ledger, options } = session
  const server = present(session.server)
  const author = present(session.author)
  const { entries, accepted } = await server.call('audit', undefined)
  const audit = auditLog(ledger.acks, entries, accepted)
  options.show.phase('Both are level; the server folds its log.')
  const { skipped } = await server.call('fold', undefined)
  if (skipped > 0) session.onTheWay.push(`The server could not fold ${skipped} documents.`)
  await Promise.all([author.call('close', undefined), follower.call('close', undefined)])
  await Promise.all([author.kill(), follower.kill()])
  const { engine } = options
  options.show.phase(`Two bare documents of ${properName[engine]} play the same trace, for comparison.`)
  const bare = cast.raw()
  const { states, ...raw } = await bare.call('play', { ...options.choice, engine })
  await bare.kill()
  options.show.phase('A third replica joins empty.')
  const joiner = cast.joiner((report) => ledger.acks.record(report.writer, report.n))
  const start = await cast.replica('joiner')
  const joined = await joiner.call('join', { ...start, expected, withinMs: settleWithinMs, states })
  const third = await foundIn('the joiner', joiner, joined.level)
  await joiner.call('close', undefined)
  await server.call('close', undefined)
  return { audit, third, catchUpMs: joined.catchUpMs, rawApplyMs: joined.rawApplyMs, raw }
}
