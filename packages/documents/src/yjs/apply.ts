import { invariant, RejoinError } from '@rejoin/base'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { joinNeighbours } from './neighbours.ts'
import { applyPacked, decodePacked } from './packed.ts'
import { scanUpdate } from './scan.ts'

/** How many updates `Y.mergeUpdatesV2` is given at once: its cost grows with the square. */
const mergeWidth = 64

/**
 * Throws `undecodable` on bytes that Yjs could not read. `whole` asks that also of encoding V2, which takes
 * as long as applying it; V1 is always read to its end, and cheaply.
 */
export function checkUpdate({ encoding, bytes }: Update, { whole }: { readonly whole: boolean }): void {
  try {
    if (encoding === 'yjs-1') scanUpdate(bytes)
    else if (encoding !== 'yjs-2') throw new Error(`${encoding} is not of this engine`)
    else if (whole) decodePacked(bytes)
  } catch (cause) {
    throw new RejoinError('undecodable', undefined, { cause })
  }
}

/** Whether a document holds updates that wait for others. */
export const waits = ({ store }: Y.Doc): boolean => store.pendingStructs !== null || store.pendingDs !== null

/**
 * Applies updates in one Yjs transaction. What comes too early is set aside and fed again, merged into one,
 * at the end. Yjs itself would merge it with the rest at each step, at a cost that grows with the square, and
 * can leave pending what could be integrated, because it only tries again when certain clocks have moved.
 * `look` is called at the end of the transaction, before Yjs drops what it deleted.
 */
export function integrate(
  doc: Y.Doc,
  updates: readonly Update[],
  { look, observed }: { readonly look?: (transaction: Y.Transaction) => void; readonly observed?: Observed } = {},
): Y.Transaction {
  return transactIn(
    doc,
    (transaction) => {
      const early = takePending(doc)
      for (const { encoding, bytes } of updates) {
        if (encoding === 'yjs-1') Y.applyUpdate(doc, bytes)
        else applyPacked(doc, bytes)
        if (waits(doc)) early.push(...takePending(doc))
      }
      if (early.length > 0) Y.applyUpdateV2(doc, mergeTree(early))
      joinNeighbours(transaction)
      look?.(transaction)
      return transaction
    },
    { origin: remote, local: false, observed },
  )
}

/** The origin of what others have written. Null is that of any local change: undo would take it for one. */
const remote = 'remote'

/** Told what the observers of a transaction have thrown; by default that passes. */
type Observed = (error: unknown) => void

/** Runs a transaction of Yjs, and tells what its observers throw from what the change throws. */
export function transactIn<T>(
  doc: Y.Doc,
  change: (transaction: Y.Transaction) => T,
  how: { readonly origin: unknown; readonly local: boolean; readonly observed?: Observed | undefined },
): T {
  let done: { readonly result: T } | undefined
  try {
    Y.transact(doc, (transaction) => void (done = { result: change(transaction) }), how.origin, how.local)
  } catch (error) {
    if (done === undefined || how.observed === undefined) throw error
    how.observed(error)
  }
  invariant(done !== undefined, 'a transaction runs')
  return done.result
}

function takePending({ store }: Y.Doc): Uint8Array[] {
  const taken: Uint8Array[] = []
  if (store.pendingStructs !== null) taken.push(store.pendingStructs.update)
  if (store.pendingDs !== null) taken.push(store.pendingDs)
  store.pendingStructs = null
  store.pendingDs = null
  return taken
}

function mergeTree(updates: readonly Uint8Array[]): Uint8Array {
  let level = [...updates]
  while (level.length > mergeWidth) {
    const next: Uint8Array[] = []
    for (let i = 0; i < level.length; i += mergeWidth) next.push(Y.mergeUpdatesV2(level.slice(i, i + mergeWidth)))
    level = next
  }
  return Y.mergeUpdatesV2(level)
}
