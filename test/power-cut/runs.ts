import { fromHex } from '@rejoin/base'
import { Disk } from './disk.ts'
import { equalFiles } from './folders.ts'
import type { Judge } from './power-cut.ts'
import { record } from './recorder.ts'
import type { Recording } from './recorder.ts'
import { replicaJudge } from './replica-judge.ts'
import { replicaScript, replicaStates } from './replica-script.ts'
import { everyCommit, serverScript } from './server-script.ts'
import { serverJudge } from './server-judge.ts'
import { serverStates } from './server-states.ts'

/** A recording, and who judges what a power cut left of it. */
export interface Run extends Recording {
  readonly judge: Judge
}

/** The replica's store; `careless`: the same with `synchronous=NORMAL`. */
export function replicaRun(mode?: 'careless'): Run {
  const { batches, killAfter } = replicaScript
  const more = mode === undefined ? [] : [mode]
  const lives = [1, killAfter + 1].map((first) => ['replica-workload.ts', `${first}`, `${batches}`, ...more])
  return { ...record(lives), judge: replicaJudge(replicaStates()) }
}

/** The server's log, with its witness and its key. */
export async function serverRun(): Promise<Run> {
  const { commits, killAfter } = serverScript
  const recording = record([1, killAfter + 1].map((first) => ['server-workload.ts', `${first}`, `${commits}`]))
  const key = fromHex(
    Buffer.from(recording.files.get('token.key') ?? [])
      .toString()
      .trim(),
  )
  const batches = everyCommit()
  return { ...recording, judge: serverJudge(batches, await serverStates(batches), key ?? new Uint8Array()) }
}

/** Whether the recorder saw everything: its journal, replayed, is the folder as it really was. */
export function isComplete({ events, files }: Recording): boolean {
  const disk = new Disk()
  for (const event of events) disk.apply(event)
  return equalFiles(disk.seen(), files)
}

export const countOf = ({ events }: Recording, kind: string, path: string): number =>
  events.filter((event) => event.kind === kind && event.path === path).length
