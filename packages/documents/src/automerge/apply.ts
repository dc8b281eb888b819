import { RejoinError } from '@rejoin/base'
import type { Update } from '../engine.ts'
import { hasChecksumOf, hasSameChecksum, isWhole, joinBytes, readChunks } from './chunks.ts'
import type { Chunks } from './chunks.ts'
import { genesis } from './genesis.ts'
import type { Handle } from './library.ts'
import type { State } from './state.ts'

/** Throws `undecodable` on bytes that are not whole chunks of Automerge. Of many changes not all are looked at. */
export function checkUpdates(updates: readonly Update[]): Chunks {
  try {
    const foreign = updates.find(({ encoding }) => encoding !== 'automerge')
    if (foreign !== undefined) throw new Error(`${foreign.encoding} is not of this engine`)
    const chunks = readChunks(updates.map(({ bytes }) => bytes))
    const [lastChange, lastHash] = [chunks.changes.at(-1), chunks.last.at(-1)]
    const isLastWhole = lastChange === undefined || (lastHash !== undefined && hasChecksumOf(lastChange, lastHash))
    if (!isLastWhole || !chunks.documents.every(isWhole)) throw new Error('a checksum is wrong')
    return chunks
  } catch (cause) {
    throw undecodable(cause)
  }
}

export const undecodable = (cause: unknown): RejoinError => new RejoinError('undecodable', undefined, { cause })

/** Takes in chunks, all or none of them, and the containers that they build on. Throws `undecodable`. */
export function takeIn(state: State, chunks: Chunks): void {
  if (chunks.documents.length + chunks.changes.length + chunks.roots.size === 0) return
  const { handle: known, library, actor } = state
  const handle = known ?? library.create(actor)
  const heads = handle.heads()
  // A change that is refused can take others of its actor out of what waits.
  const spare = state.waits ? handle.clone(actor) : undefined
  try {
    state.waits = add(handle, chunks)
    state.handle = handle
    spare?.free()
  } catch (cause) {
    library.check()
    if (known === undefined) handle.free()
    else if (spare !== undefined) state.replace(spare)
    // It refuses before it does anything, or stops in the middle of the chunks; but a panic leaves its work half done.
    else if (!(cause instanceof RangeError)) state.spend()
    else if (handle.heads().join() !== heads.join() || handle.missing([]).length > 0)
      state.replace(handle.fork(actor, heads))
    throw undecodable(cause)
  } finally {
    state.forget()
  }
}

/** Whether something waits after it. */
function add(handle: Handle, { documents, changes, roots, last }: Chunks): boolean {
  const containers = [...roots].filter((root) => !handle.has(genesis[root].hash)).map((root) => genesis[root].bytes)
  const load = (chunks: readonly Uint8Array[]): unknown => handle.call((raw) => raw.loadIncremental(joinBytes(chunks)))
  // Documents go first and alone: the last change may be in one of them.
  const isApart = documents.length > 0 && changes.length > 0
  if (isApart) load(documents)
  if (changes.length > 1) {
    // The library looks at all checksums that it comes to, ends at the first that is wrong, and says nothing: it came to
    // the end if the last change is there, unless this was there, or is among the others, too.
    const isLastKnown = handle.missing(last.slice(-1)).at(-1) !== last.at(-1)
    if ((isLastKnown || isLastRepeated(changes)) && !changes.every(isWhole)) throw new RangeError('a checksum is wrong')
  }
  load([...(isApart ? [] : documents), ...containers, ...changes])
  const missing = new Set(handle.missing(last))
  if (last.some((hash) => missing.has(hash))) throw new RangeError('a chunk cannot be read')
  return missing.size > 0
}

/** One that only looks like it makes us check more than is needed. */
function isLastRepeated(changes: readonly Uint8Array[]): boolean {
  const last = changes.at(-1)
  const isSame = (change: Uint8Array): boolean => change.length === last?.length && hasSameChecksum(change, last)
  return changes.findIndex(isSame) < changes.length - 1
}
