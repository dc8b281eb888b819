import { memory, realPorts } from '@rejoin/server'
import type { LogBatch } from '@rejoin/server'
import { readAll } from './server-reads.ts'
import type { Reads } from './server-reads.ts'

/** What a log answers after each commit, by the plain store that keeps everything in memory. */
export async function serverStates(batches: readonly LogBatch[]): Promise<readonly Reads[]> {
  const { log } = await memory().open(realPorts().random)
  const states = [await readAll(log)]
  for (const batch of batches) {
    const done = await log.commit(batch)
    if (!done.ok) throw new Error(done.error.message)
    states.push(await readAll(log))
  }
  return states
}

/** The questions on which two logs disagree. */
export const differences = (a: Reads, b: Reads): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((question) => a.get(question) !== b.get(question))
