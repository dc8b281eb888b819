import { RejoinError } from '@rejoin/base'
import { realPorts, sqlite } from '@rejoin/server'
import { rmSync } from 'node:fs'
import type { Verdict } from './damage.ts'
import type { Files } from './disk.ts'
import { inFolderOf, newFolder, readFiles } from './folders.ts'
import { readAll, said } from './server-reads.ts'
import type { Reads } from './server-reads.ts'
import { everyCommit } from './server-script.ts'
import { differences } from './server-states.ts'

const { random } = realPorts()

export interface Sample {
  /** While the log was open: most of it is in the WAL. */
  readonly open: Files
  /** After it was closed: all of it is in the database. */
  readonly closed: Files
  readonly reads: Reads
}

/** A small log. */
export async function serverSample(commits: number): Promise<Sample> {
  const folder = newFolder()
  try {
    const { log } = await sqlite(folder).open(random)
    for (const batch of everyCommit().slice(0, commits)) await log.commit(batch)
    const reads = await readAll(log)
    // This drops SQLite's lock; nobody else is here.
    const open = readFiles(folder)
    await log.close()
    const closed = readFiles(folder)
    return { open, closed, reads }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Question by question: each answer is as it was, or says that it cannot be given, or the log began a new epoch. */
export const judgeServer =
  (expected: Reads) =>
  (files: Files): Promise<Verdict> =>
    inFolderOf(files, async (folder): Promise<Verdict> => {
      const events: string[] = []
      try {
        const { log } = await sqlite(folder).open(random, (_, event) => events.push(event))
        const reads = await readAll(log)
        await log.close()
        const wrong = differences(expected, reads)
        if (wrong.length === 0) return { kind: 'same' }
        if (events.length > 0) return { kind: 'said', how: events.join() }
        const silent = wrong.find((question) => reads.has(question) && reads.get(question)?.startsWith(said) !== true)
        return silent === undefined
          ? { kind: 'said' }
          : { kind: 'silent', how: `${silent}: ${reads.get(silent)?.slice(0, 100)}` }
      } catch (cause) {
        if (cause instanceof RejoinError && cause.kind.startsWith('storage-')) return { kind: 'said', how: cause.kind }
        return { kind: 'silent', how: `it broke: ${String(cause)}` }
      }
    })
