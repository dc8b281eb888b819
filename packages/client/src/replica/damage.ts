import type { BatchBuilder } from './committer.ts'
import { keys, numberOf, partsOf } from './keys.ts'

/**
 * Takes a damaged record out of the way. Its bytes are kept as they are, under a name that nothing reads: what
 * was never sent may be all there is of somebody's work.
 */
export function setAside(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
  batch.remove(key)
  batch.put(keys.damaged(key), bytes)
  const [table, , , row = ''] = partsOf(key)
  if (table === 'row') batch.remove(keys.waiting(numberOf(row)))
}
