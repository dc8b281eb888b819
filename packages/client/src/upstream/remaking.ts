import type { Change, Entity } from '@rejoin/documents'
import type { LiveEntity } from '../live/live-entity.ts'
import type { Origin } from '../replica/row.ts'
import { writesOf } from './local-writes.ts'
import type { Remaker } from './remaker.ts'
import { changesIn } from './taken.ts'
import type { TakenTransaction, TakenWrite } from './taken.ts'
import type { Transaction } from './writing.ts'

export interface RemakingDeps {
  /** What the transaction becomes; undefined if it is not to be made again. */
  readonly originOf: (transaction: TakenTransaction) => Origin | undefined
  /** The CRDT client ids of who made the write. */
  readonly clientIds: (write: TakenWrite) => readonly number[]
  /** The number of one more transaction. */
  readonly nextTransaction: () => number
}

/** Documents that were built anew: where their rows are written, and on which branch. */
export interface Rebuilding {
  readonly entity: Entity
  readonly place: LiveEntity
  readonly branch: number
  readonly remaker: Remaker
}

/** What became of the transactions that were taken out of an entity. */
export interface Remade {
  /** To be written. */
  readonly made: readonly Transaction[]
  /** What they did is so already: there is nothing to write. */
  readonly idle: readonly Origin[]
  /** To be kept in quarantine. */
  readonly left: readonly TakenWrite[]
}

/** Makes transactions again, each whole or not at all, in an order that is that of every document. */
export function remake(
  transactions: readonly TakenTransaction[],
  { place, branch, remaker }: Rebuilding,
  { originOf, clientIds, nextTransaction }: RemakingDeps,
): Remade {
  const made: Transaction[] = []
  const idle: Origin[] = []
  const left: TakenWrite[] = []
  for (const transaction of transactions) {
    const of = originOf(transaction)
    const edits = of && changesIn(transaction)
    const isMadeHere = transaction.every((write) => isMadeBy(clientIds(write), write))
    const isKnown = edits?.every((at) => place.documentAt(at) !== undefined) === true
    const result = edits !== undefined && isMadeHere && isKnown ? remaker.make(edits) : undefined
    const lane = transaction[0]?.record.lane ?? 'normal'
    if (of === undefined || result === undefined) left.push(...transaction)
    else if (result.updates.length === 0) idle.push(of)
    else made.push({ number: nextTransaction(), lane, writes: writesOf(place, result.updates, () => branch), of })
  }
  return { made, idle, left }
}

/** A seed has the same name on every device, and would not have it if it were made again. */
export const isMadeBy = (clientIds: readonly number[], { changes }: Pick<TakenWrite, 'changes'>): boolean =>
  typeof changes !== 'string' && changes.changes.flatMap(clientOf).every((client) => clientIds.includes(client))

function clientOf(change: Change): readonly number[] {
  if (change.root === 'registers') return change.wrote === undefined ? [] : [change.wrote.client]
  return 'insert' in change ? [change.id.client] : []
}
