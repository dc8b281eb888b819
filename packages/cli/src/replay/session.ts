import { Failure } from '../failure.ts'
import { monotonicMs } from '../platform/clock.ts'
import type { Audit } from './audit.ts'
import { createCast } from './cast.ts'
import { endSession } from './ending.ts'
import type { Ending } from './ending.ts'
import { createLedger } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Expected } from './roles.ts'
import { foundIn, present, settleWithinMs } from './stage.ts'
import type { AnyReplica, Session, SessionOptions } from './stage.ts'
import { typeThrough } from './typing.ts'
import { expectedOf } from './verdict.ts'
import type { Found } from './verdict.ts'
import { watchStandstill } from './watchdog.ts'

/** What a session came to; the verdict is made from it. */
export interface Played extends Omit<Ending, 'third'> {
  readonly ledger: Ledger
  readonly rounds: number
  readonly seconds: number
  readonly unackedAtKills: readonly number[]
  readonly unackedAtServerKills: readonly number[]
  readonly replicas: readonly Found[]
  readonly audit: Audit
  readonly serverRssMb: number
  readonly onTheWay: readonly string[]
}

/** Plays a session from the first transaction to the joining of a third replica. Throws a Failure if it cannot be finished. */
export async function playSession(options: SessionOptions): Promise<Played> {
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => undefined)
  const giveUp = (message: string): void => reject(new Failure(message))
  const ledger = createLedger(monotonicMs, options.show)
  const cast = createCast({ ...options, died: giveUp })
  const session: Session = {
    options,
    cast,
    ledger,
    unacked: { author: [], server: [] },
    onTheWay: [],
    server: undefined,
    author: undefined,
    restarting: undefined,
  }
  const stopWatching = watchStandstill(session, giveUp)
  try {
    return await Promise.race([play(session), broken])
  } finally {
    stopWatching()
    await cast.killAll()
  }
}

async function play(session: Session): Promise<Played> {
  const { cast, ledger, options } = session
  session.server = await cast.server()
  const follower = cast.follower(ledger.follower)
  const following = cast.replica('follower').then((start) => follower.call('open', start))
  await Promise.all([typeThrough(session), following])
  options.show.phase('Everything is typed; waiting until both replicas are level.')
  const { rounds } = await follower.call('finish', undefined)
  const expected = expectedOf(options.trace, rounds)
  const author = present(session.author)
  const levels = await Promise.all([author, follower].map((child) => settle(child, expected)))
  const seconds = (monotonicMs() - (ledger.startedAtMs ?? 0)) / 1000
  const two = [
    await foundIn('the author', author, levels[0] ?? false),
    await foundIn('the follower', follower, levels[1] ?? false),
  ]
  ledger.endAuthor()
  const serverRssMb = await present(session.server).call('rssMb', undefined)
  const { third, ...ending } = await endSession(session, follower, expected)
  return {
    ...ending,
    ledger,
    rounds,
    seconds,
    serverRssMb,
    unackedAtKills: session.unacked.author,
    unackedAtServerKills: session.unacked.server,
    replicas: [...two, third],
    onTheWay: session.onTheWay,
  }
}

const settle = (child: AnyReplica, expected: Expected): Promise<boolean> =>
  child.call('settle', { expected, withinMs: settleWithinMs })
