import type { Update } from '../engine.ts'
import { checkUpdates } from './apply.ts'

/** The updates one after another: Automerge joins changes only where it has the whole document. */
export function squash(updates: readonly Update[]): Update {
  checkUpdates(updates)
  const bytes = new Uint8Array(updates.reduce((sum, each) => sum + each.bytes.length, 0))
  let at = 0
  for (const each of updates) {
    bytes.set(each.bytes, at)
    at += each.bytes.length
  }
  return { encoding: 'automerge', bytes }
}
