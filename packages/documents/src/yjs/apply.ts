import { invariant } from '@rejoin/base'
import * as Y from 'yjs'
import { integrateAll } from './integration.ts'
import { joinNeighbours } from './neighbours.ts'
import { decodePending } from './packed.ts'
import type { Decoded } from './structs.ts'
import { WaitingRoom } from './waiting.ts'

/** Whether Yjs itself holds updates that wait for others: what a provider has brought. */
export const waits = ({ store }: Y.Doc): boolean => store.pendingStructs !== null || store.pendingDs !== null

/**
 * Takes in updates in one Yjs transaction, and with them what Yjs was left to wait. What comes too early goes to the
 * waiting room; without one it is left to Yjs, for documents in which a provider may bring the rest. `look` is called at
 * the end of the transaction, before Yjs drops what it deleted.
 */
export function integrate(
  doc: Y.Doc,
  updates: Decoded,
  {
    room,
    look,
    observed,
  }: { readonly room?: WaitingRoom | undefined; readonly look?: Look; readonly observed?: Observed },
): Y.Transaction {
  return transactIn(
    doc,
    (transaction) => {
      const early = room ?? new WaitingRoom()
      if (waits(doc)) takePending(doc, updates)
      integrateAll(transaction, early, updates)
      if (room === undefined) early.handTo(doc.store)
      joinNeighbours(transaction)
      look?.(transaction)
      return transaction
    },
    { origin: remote, local: false, observed },
  )
}

type Look = (transaction: Y.Transaction) => void

/** The origin of what others have written. Null is that of any local change: undo would take it for one. */
export const remote = 'remote'

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

function takePending({ store }: Y.Doc, into: Decoded): void {
  if (store.pendingStructs !== null) decodePending(store.pendingStructs.update, into)
  if (store.pendingDs !== null) decodePending(store.pendingDs, into)
  store.pendingStructs = null
  store.pendingDs = null
}
