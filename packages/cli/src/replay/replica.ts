import { openRejoin } from '@rejoin/client'
import type { EntityHandle, Rejoin } from '@rejoin/client'
import { canonicalHash } from '@rejoin/documents'
import type { Store } from '@rejoin/storage'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { openEngine } from '../engines.ts'
import { monotonicMs, pause } from '../platform/clock.ts'
import { appIn, noteId, space } from './app.ts'
import type { App } from './app.ts'
import type { AckedReport, CommentSeen, Expected, Inspection, ReplicaStart, SettleArgument } from './roles.ts'

export type Replica = Rejoin<App>
export type NoteHandle = EntityHandle<App['notes']>

/** Between two looks while waiting to be level. */
const lookEveryMs = 40

export const openStore = (start: ReplicaStart): Promise<Store> => sqliteStore(start.folder)

export async function openReplica(
  start: ReplicaStart,
  store: Store,
  report: (report: AckedReport) => void,
): Promise<Replica> {
  return await openRejoin({
    collections: appIn(start.engine),
    engines: [await openEngine(start.engine)],
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
  const { text, position, minutes, hash } = await inspectNote(replica)
  const seen: CommentSeen[] = []
  const hashes = [hash]
  for (const { id } of await replica.comments.list()) {
    const comment = await replica.comments.open(id)
    if (comment === undefined) continue
    const view = comment.view()
    seen.push({ id, text: view.text, author: view.author })
    hashes.push(`${id} ${comment.hash()}`)
    await comment.close()
  }
  const { pending, rejected } = replica.status.now
  return { text, position, minutes, comments: seen, hash: canonicalHash(hashes.sort().join('\n')), pending, rejected }
}

/** A replica that never heard of the note has none of it. */
async function inspectNote(replica: Replica): Promise<Pick<Inspection, 'text' | 'position' | 'minutes' | 'hash'>> {
  const note = await replica.notes.open(noteId)
  if (note === undefined) return { text: '', position: 0, minutes: 0, hash: '' }
  const { body, position, progress } = note.view()
  const hash = note.hash()
  await note.close()
  return { text: body, position: Number(position ?? 0), minutes: progress, hash }
}
