import { openRejoin } from '@rejoin/client'
import type { EntityHandle, Rejoin } from '@rejoin/client'
import { canonicalHash } from '@rejoin/documents'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { monotonicMs, pause } from '../platform/clock.ts'
import { collections, noteId, space } from './app.ts'
import type { comments, notes } from './app.ts'
import type { AckedReport, CommentSeen, Expected, Inspection, ReplicaStart, SettleArgument } from './roles.ts'

export type Replica = Rejoin<typeof collections>
export type NoteHandle = EntityHandle<typeof notes>
export type CommentHandle = EntityHandle<typeof comments>

/** Between two looks while waiting to be level. */
const lookEveryMs = 40

export async function openReplica(start: ReplicaStart, report: (report: AckedReport) => void): Promise<Replica> {
  const store = await sqliteStore(start.folder)
  return await openRejoin({
    collections,
    spaces: { course: space },
    server: start.server,
    token: start.token,
    store,
    acknowledged: ({ writer, n }) => report({ kind: 'acked', writer, n }),
  })
}

/** The note, once this replica knows of it. */
export async function noteOf(replica: Replica): Promise<NoteHandle> {
  for (;;) {
    const note = await replica.notes.open(noteId)
    if (note !== undefined) return note
    await pause(lookEveryMs)
  }
}

/** Waits until the replica is level and sees what is expected; false if the time is over first. */
export async function settle(replica: Replica, argument: SettleArgument): Promise<boolean> {
  const end = monotonicMs() + argument.withinMs
  while (monotonicMs() < end) {
    if (replica.status.now.synced && (await sees(replica, argument.expected))) return true
    await pause(lookEveryMs)
  }
  return false
}

async function sees(replica: Replica, expected: Expected): Promise<boolean> {
  const [note] = await replica.notes.list()
  if (note === undefined) return false
  if (note.position !== expected.position || note.progress !== expected.minutes) return false
  return (await replica.comments.list()).length >= expected.comments
}

export async function inspect(replica: Replica): Promise<Inspection> {
  const note = await noteOf(replica)
  const seen: CommentSeen[] = []
  const hashes = [note.hash()]
  const { body, position, progress } = note.view()
  await note.close()
  for (const { id } of await replica.comments.list()) {
    const comment = await replica.comments.open(id)
    if (comment === undefined) continue
    const { text, author } = comment.view()
    seen.push({ id, text, author })
    hashes.push(`${id} ${comment.hash()}`)
    await comment.close()
  }
  const { pending, rejected } = replica.status.now
  return {
    text: body,
    position: Number(position ?? 0),
    minutes: progress,
    comments: seen,
    hash: canonicalHash(hashes.sort().join('\n')),
    pending,
    rejected,
  }
}
