import { ChildGone } from '../platform/child.ts'
import { createDirector } from './director.ts'
import type { ProgressReport } from './roles.ts'
import { present } from './stage.ts'
import type { Session } from './stage.ts'

/** Types the whole trace, through every kill that the plan wants. */
export async function typeThrough(session: Session): Promise<void> {
  const director = createDirector(session.options.plan)
  for (;;) {
    const ended = await typeOnce(session, (report) => {
      // One thing at a time: a server that is not back yet is not killed again.
      const strike = session.restarting === undefined ? director.next(report) : undefined
      if (strike === 'server') restartServer(session)
      return strike === 'author'
    })
    await session.restarting
    if (ended === 'killed') continue
    let strike = director.overdue()
    for (; strike === 'server'; strike = director.overdue()) {
      restartServer(session)
      await session.restarting
    }
    if (strike === undefined) return
    await killAuthor(session)
  }
}

/** One life of the author's process. */
async function typeOnce(session: Session, isStruck: (report: ProgressReport) => boolean): Promise<'typed' | 'killed'> {
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
    const start = await cast.replica('author')
    const { position } = await author.call('open', { ...start, trace: options.choice, plan: options.plan })
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
  const unacked = pending + ledger.followerPending
  session.unacked.server.push(unacked)
  const server = present(session.server)
  options.show.killed('server', position, unacked)
  session.restarting = server.kill().then(async () => {
    session.server = await cast.server()
    session.restarting = undefined
    options.show.restarted('server', ledger.latest.position)
  })
  session.restarting.catch(() => undefined)
}
