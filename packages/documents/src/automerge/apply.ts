import { RejoinError } from '@rejoin/base'
import type { Update } from '../engine.ts'
import { isWhole, readChunks } from './chunks.ts'
import type { Chunks } from './chunks.ts'
import { genesis, rootNames } from './genesis.ts'
import type { Handle } from './library.ts'

/** Throws `undecodable` on bytes that are not whole chunks of Automerge. */
export function checkUpdates(updates: readonly Update[]): Chunks {
  try {
    const foreign = updates.find(({ encoding }) => encoding !== 'automerge')
    if (foreign !== undefined) throw new Error(`${foreign.encoding} is not of this engine`)
    const chunks = readChunks(updates.map(({ bytes }) => bytes))
    if (!chunks.documents.every(isWhole)) throw new Error('the checksum is wrong')
    return chunks
  } catch (cause) {
    throw undecodable(cause)
  }
}

/** Takes in chunks, and the containers that they build on. Throws what the library throws. */
export function integrate(handle: Handle, { documents, changes, roots, compressed }: Chunks): void {
  for (const each of documents) handle.call((raw) => raw.loadIncremental(each))
  const made = [...roots].filter((root) => !handle.has(genesis[root].hash)).map((root) => genesis[root].bytes)
  if (changes.length > 0 || made.length > 0) handle.call((raw) => raw.applyChanges([...made, ...changes]))
  if (documents.length > 0 || compressed) addMissing(handle)
}

/** Changes that came compressed or waited in a snapshot may build on containers, too. */
function addMissing(handle: Handle): void {
  const missing = new Set(handle.call((raw) => raw.getMissingDeps([])))
  const made = rootNames.filter((root) => missing.has(genesis[root].hash)).map((root) => genesis[root].bytes)
  if (made.length > 0) handle.call((raw) => raw.applyChanges(made))
}

/** Whether a document holds changes that wait for others. */
export const waits = (handle: Handle): boolean => handle.call((raw) => raw.getMissingDeps([])).length > 0

export const undecodable = (cause: unknown): RejoinError => new RejoinError('undecodable', undefined, { cause })
