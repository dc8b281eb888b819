import type { Receipt } from '@rejoin/client'
import type { Draft } from '@rejoin/schema'
import { Failure } from '../failure.ts'
import { monotonicMs, pause } from '../platform/clock.ts'
import { differenceOf, textAfter } from '@rejoin/lab/trace'
import type { Trace, Transaction } from '@rejoin/lab/trace'
import { authorComment, milestone, minutesPerMilestone, noteId } from './app.ts'
import type { App } from './app.ts'
import { createLink, nextStop } from './link.ts'
import type { Link } from './link.ts'
import type { Plan } from './plan.ts'
import type { NoteHandle, Replica } from './replica.ts'
import type { AuthorReport, ProgressReport } from './roles.ts'

/** How many transactions are typed before the author waits for its disk. Divides `milestone`. */
const batch = 250
/** How long the first connection may take before the author types without it. */
const connectWithinMs = 3000

export interface Author {
  /** How many transactions the note holds. */
  readonly position: number
  /** Types what is left; resolves once all of it is on this device's disk. */
  type(): Promise<void>
  progress(): ProgressReport
}

/** Takes up the session where the durable state is: after a kill, exactly behind the last durable transaction. */
export async function takeUp(
  replica: Replica,
  trace: Trace,
  plan: Plan,
  report: (report: AuthorReport) => void,
): Promise<Author> {
  const note = await openOrCreate(replica, trace)
  let position = positionIn(note, trace)
  let durable = position
  let madeOffline = 0
  const link = linkOf(replica, plan, report)

  const progress = (): ProgressReport => {
    const { pending, online } = replica.status.now
    const { bytesUp, bytesDown } = replica.traffic
    return { kind: 'progress', position, durable, pending, online, bytesUp, bytesDown, madeOffline }
  }

  await writeMissingComments(replica, position)
  return {
    get position() {
      return position
    },
    progress,
    type: async () => {
      link.follow(position)
      if (link.cut === undefined) await connected(replica)
      report({ kind: 'typing' })
      while (position < trace.transactions.length) {
        link.follow(position)
        const stop = nextStop(plan, position, batch, trace.transactions.length)
        const offline = isOffline(replica, link)
        const run = typeRun(note, trace, position, stop)
        position = stop
        if (offline) madeOffline += run.writes
        if (position % milestone === 0) await writeComment(replica, position / milestone)
        await run.receipt?.device
        durable = position
        report(progress())
      }
      link.follow(position)
      await replica.flushed()
    },
  }
}

async function openOrCreate(replica: Replica, trace: Trace): Promise<NoteHandle> {
  const known = await replica.notes.open(noteId)
  if (known !== undefined) return known
  const note = await replica.notes.create({ title: trace.name, body: trace.startContent, position: 0 }, { id: noteId })
  await replica.flushed()
  return note
}

/** The position that the note names, once its text was found to be the one of that position. */
function positionIn(note: NoteHandle, trace: Trace): number {
  const { body, position } = note.view()
  if (typeof position !== 'number' || position > trace.transactions.length)
    throw new Failure(`the note is at ${JSON.stringify(position)}, which is no position of this trace.`)
  const difference = differenceOf(body, textAfter(trace, position))
  if (difference !== undefined)
    throw new Failure(`the note names transaction ${position}, but its text is another: ${difference}.`)
  return position
}

function linkOf(replica: Replica, plan: Plan, report: (report: AuthorReport) => void): Link {
  return createLink(plan, {
    cut: (index, position) => {
      replica.goOffline()
      report({ kind: 'cut', index, position, unacked: replica.status.now.pending })
    },
    rejoined: (index, position) => {
      report({ kind: 'rejoined', index, position, pending: replica.status.now.pending })
      replica.goOnline()
    },
  })
}

/** The session begins online; should the server not be there, it begins without it. */
async function connected(replica: Replica): Promise<void> {
  const end = monotonicMs() + connectWithinMs
  while (!replica.status.now.online && monotonicMs() < end) await pause(5)
}

const isOffline = (replica: Replica, link: Link): boolean => link.cut !== undefined || !replica.status.now.online

interface Run {
  readonly receipt: Receipt | undefined
  /** What one transaction does to one document is one write. */
  readonly writes: number
}

function typeRun(note: NoteHandle, trace: Trace, from: number, to: number): Run {
  let receipt: Receipt | undefined
  let writes = 0
  for (let at = from; at < to; at++) {
    const transaction = trace.transactions[at] ?? []
    receipt = note.edit((draft) => typeTransaction(draft, transaction, at + 1))
    writes += transaction.length === 0 ? 1 : 2
  }
  return { receipt, writes }
}

/** The text, the position, and what comes with a milestone, in one transaction: none is ever there without the others. */
function typeTransaction(draft: Draft<App['notes']>, transaction: Transaction, position: number): void {
  for (const [at, deleted, inserted] of transaction) {
    if (deleted > 0) draft.body.delete(at, deleted)
    if (inserted !== '') draft.body.insert(at, inserted)
  }
  draft.position.set(position)
  if (position % milestone > 0) return
  draft.progress.add(minutesPerMilestone)
  draft.title.set(`Draft at ${position}`)
}

/** A comment is an entity of its own, so a kill may fall between it and its milestone. Its id makes it one. */
async function writeMissingComments(replica: Replica, position: number): Promise<void> {
  const known = new Set<string>((await replica.comments.list()).map(({ id }) => id))
  for (let index = 1; index * milestone <= position; index++)
    if (!known.has(authorComment(index).id)) await writeComment(replica, index)
}

async function writeComment(replica: Replica, index: number): Promise<void> {
  const { id, ...fields } = authorComment(index)
  if ((await replica.comments.open(id)) !== undefined) return
  const comment = await replica.comments.create(fields, { id })
  await comment.close()
}
