import type { Update } from '../engine.ts'
import { checkUpdates, undecodable } from './apply.ts'
import { isWhole, joinBytes } from './chunks.ts'

/** The updates one after another: Automerge joins changes only where it has the whole document. */
export function squash(updates: readonly Update[]): Update {
  if (!checkUpdates(updates).changes.every(isWhole)) throw undecodable(new Error('a checksum is wrong'))
  return { encoding: 'automerge', bytes: joinBytes(updates.map(({ bytes }) => bytes)) }
}
