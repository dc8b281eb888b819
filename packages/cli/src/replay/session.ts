import { ChildGone } from '../platform/child.ts'
import type { Child } from '../platform/child.ts'
import { every, monotonicMs } from '../platform/clock.ts'
import { Failure } from '../failure.ts'
import type { Trace } from '../trace/trace.ts'
import { auditLog } from './audit.ts'
import type { Audit } from './audit.ts'
import { createCast } from './cast.ts'
import type { Cast, CastOptions } from './cast.ts'
import { createDirector } from './director.ts'
import type { Strike } from './director.ts'
import { createLedger } from './ledger.ts'
import type { Ledger, LedgerShow } from './ledger.ts'
import type { Plan } from './plan.ts'
import type {
  AuthorCalls,
  Expected,
  FollowerCalls,
  RawFigures,
  ReplicaCalls,
  ServerCalls,
  TraceChoice,
} from './roles.ts'
import { expectedOf } from './verdict.ts'
import type { Found } from './verdict.ts'

/** How long replicas may take to come level once nothing is written any more. */
const settleWithinMs = 60_000
/** How long the author may make no progress before the session is given up. */
const standstillMaxMs = 60_000

export interface SessionOptions extends Omit<CastOptions, 'died'> {
  readonly trace: Trace
  readonly choice: TraceChoice
  readonly plan: Plan
  readonly show: SessionShow
}

export interface SessionShow extends LedgerShow {
  killed(strike: Strike, position: number, unacked: number): void
  restarted(strike: Strike, position: number): void
  phase(text: string): void
}

/** What a session came to; the verdict is made from it. */
export interface Played {
  readonly ledger: Ledger
  readonly rounds: number
  readonly seconds: number
  readonly unackedAtKills: readonly number[]
  readonly unackedAtServerKills: readonly number[]
  readonly replicas: readonly Found[]
  readonly audit: Audit
  readonly catchUpMs: number
  readonly raw: RawFigures
  readonly serverRssMb: number
  readonly onTheWay: readonly string[]
}

/** Plays a session from the first transaction to the joining of a third replica. Throws a Failure if it cannot be finished. */
export async function playSession(options: SessionOptions): Promise<Played> {
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => undefined)
  const cast = createCast({ ...options, died: (message) => reject(new Failure(message)) })
  const session = createSession(options, cast, (message) => reject(new Failure(message)))
  try {
    return await Promise.race([play(session), broken])
  } finally {
    session.stop()
    await cast.killAll()
  }
}

interface Session {
  readonly options: SessionOptions
  readonly cast: Cast
  readonly ledger: Ledger
  readonly unacked: Record<Strike, number[]>
  readonly onTheWay: string[]
  server: Child<ServerCalls> | undefined
  author: Child<AuthorCalls> | undefined
  /** A server that is being killed and started again. */
  restarting: Promise<void> | undefined
  stop(): void
}

function createSession(options: SessionOptions, cast: Cast, giveUp: (message: string) => void): Session {
  const ledger = createLedger(monotonicMs, options.show)
  let seen = { position: -1, at: monotonicMs() }
  const stop = every(1000, () => {
    const { position, pending } = ledger.latest
    if (position !== seen.position) seen = { position, at: monotonicMs() }
    if (monotonicMs() - seen.at < standstillMaxMs + settleWithinMs) return
    giveUp(`The author stands still at transaction ${position}, with ${pending} writes unacknowledged.`)
  })
  return {
    options,
    cast,
    ledger,
    stop,
    unacked: { author: [], server: [] },
    onTheWay: [],
    server: undefined,
    author: undefined,
    restarting: undefined,
  }
}

async function play(session: Session): Promise<Played> {
  const { cast, ledger, options } = session
  session.server = await cast.server()
  const follower = cast.follower(ledger.follower)
  const following = cast.replica('follower').then((start) => follower.call('open', start))
  await typeThrough(session)
  await following
  options.show.phase('Everything is typed; waiting until both replicas are level.')
  const { rounds } = await follower.call('finish', undefined)
  const expected = expectedOf(options.trace, rounds)
  const author = present(session.author)
  const levels = await Promise.all([author, follower].map((child) => settle(child, expected)))
  const seconds = (monotonicMs() - (ledger.startedAtMs ?? 0)) / 1000
  const two = [
    await found('the author', author, levels[0] ?? false),
    await found('the follower', follower, levels[1] ?? false),
  ]
  ledger.endAuthor()
  const serverRssMb = await present(session.server).call('rssMb', undefined)
  const audit = await auditServer(session)
  const third = await joinThird(session, follower, expected)
  return {
    ledger,
    rounds,
    seconds,
    audit,
    serverRssMb,
    unackedAtKills: session.unacked.author,
    unackedAtServerKills: session.unacked.server,
    replicas: [...two, third.found],
    catchUpMs: third.catchUpMs,
    raw: third.raw,
    onTheWay: session.onTheWay,
  }
}

/** Types the whole trace, through every kill that the plan wants. */
async function typeThrough(session: Session): Promise<void> {
  const director = createDirector(session.options.plan)
  for (;;) {
    const ended = await typeOnce(session, (report) => {
      const strike = director.next(report)
      if (strike === 'server') restartServer(session)
      return strike === 'author'
    })
    await session.restarting
    if (ended === 'killed') continue
    const strike = director.overdue()
    if (strike === undefined) return
    if (strike === 'server') restartServer(session)
    else await killAuthor(session)
    await session.restarting
  }
}

/** One life of the author's process. */
async function typeOnce(
  session: Session,
  isStruck: (report: Ledger['latest']) => boolean,
): Promise<'typed' | 'killed'> {
  const { cast, ledger, options } = session
  const before = ledger.latest.durable
  let killed: Promise<void> | undefined
  const author = cast.author((report) => {
    if (killed !== undefined && report.kind !== 'acked') return
    ledger.author(report)
    if (report.kind === 'progress' && isStruck(report)) killed = killAuthor(session)
  })
  session.author = author
  try {
    const { position } = await author.call('open', {
      ...(await cast.replica('author')),
      trace: options.choice,
      plan: options.plan,
    })
    if (position < before)
      session.onTheWay.push(`The author came back at transaction ${position}, though ${before} were on its disk.`)
    if (session.unacked.author.length > 0) options.show.restarted('author', position)
    await author.call('type', undefined)
    ledger.endTyping()
    return 'typed'
  } catch (cause) {
    if (killed === undefined || !(cause instanceof ChildGone)) throw cause
    await killed
    return 'killed'
  }
}

async function killAuthor(session: Session): Promise<void> {
  const { ledger, options } = session
  const { position, pending } = ledger.latest
  session.unacked.author.push(pending)
  ledger.endTyping()
  const gone = present(session.author).kill()
  options.show.killed('author', position, pending)
  await gone
  ledger.endAuthor()
}

function restartServer(session: Session): void {
  const { cast, ledger, options } = session
  const { position, pending } = ledger.latest
  session.unacked.server.push(pending + ledger.followerPending)
  const server = present(session.server)
  options.show.killed('server', position, pending + ledger.followerPending)
  session.restarting = server.kill().then(async () => {
    session.server = await cast.server()
    options.show.restarted('server', ledger.latest.position)
  })
  session.restarting.catch(() => undefined)
}

type AnyReplica = Pick<Child<ReplicaCalls>, 'call'>

const settle = (child: AnyReplica, expected: Expected): Promise<boolean> =>
  child.call('settle', { expected, withinMs: settleWithinMs })

const found = async (name: string, child: AnyReplica, level: boolean): Promise<Found> => ({
  name,
  level,
  inspection: await child.call('inspect', undefined),
})

async function auditServer(session: Session): Promise<Audit> {
  const { entries, accepted } = await present(session.server).call('audit', undefined)
  return auditLog(session.ledger.acks, entries, accepted)
}

interface Third {
  readonly found: Found
  readonly catchUpMs: number
  readonly raw: RawFigures
}

/** The server folds its log, and a replica with nothing joins; then everything else ends, and the raw figures are taken. */
async function joinThird(session: Session, follower: Child<FollowerCalls>, expected: Expected): Promise<Third> {
  const { cast, ledger, options } = session
  const server = present(session.server)
  options.show.phase('Both are level; the server folds its log and a third replica joins empty.')
  const { skipped } = await server.call('fold', undefined)
  if (skipped > 0) session.onTheWay.push(`The server could not fold ${skipped} documents.`)
  await Promise.all([present(session.author).call('close', undefined), follower.call('close', undefined)])
  await Promise.all([present(session.author).kill(), follower.kill()])
  const joiner = cast.joiner((report) => ledger.acks.record(report.writer, report.n))
  const start = await cast.replica('joiner')
  const { catchUpMs, level } = await joiner.call('join', { ...start, expected, withinMs: settleWithinMs })
  const third = await found('the joiner', joiner, level)
  await joiner.call('close', undefined)
  await server.call('close', undefined)
  await server.kill()
  options.show.phase('Measuring two bare Yjs documents on the same trace.')
  return { found: third, catchUpMs, raw: await joiner.call('raw', options.choice) }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Failure('A process of the session is missing.')
  return value
}
