import { openEngine } from '../engines.ts'
import { monotonicMs, within } from '../platform/clock.ts'
import { noteId } from './app.ts'
import { openReplica, openStore, settle } from './replica.ts'
import type { Replica } from './replica.ts'
import type { AckedReport, ReplicaStart, SettleArgument } from './roles.ts'

export interface Joined {
  readonly replica: Replica
  /** From connecting with an empty store until everything is durable here and the note was read. */
  readonly catchUpMs: number
  readonly level: boolean
}

export async function joinEmpty(
  argument: ReplicaStart & SettleArgument,
  report: (report: AckedReport) => void,
): Promise<Joined> {
  const store = await openStore(argument)
  // Loaded before the clock runs, as that of the bare documents is.
  await openEngine(argument.engine)
  const start = monotonicMs()
  const replica = await openReplica(argument, store, report)
  const inTime = await within(argument.withinMs, replica.settled())
  const note = await replica.notes.open(noteId)
  note?.view()
  const catchUpMs = monotonicMs() - start
  await note?.close()
  return { replica, catchUpMs, level: inTime && (await settle(replica, argument)) }
}
