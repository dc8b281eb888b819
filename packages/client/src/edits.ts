import { newWriterId } from '@rejoin/base'
import type { Intervals, Log, SpaceId, UserId, WriterId } from '@rejoin/base'
import type { Collection } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { DeviceParts } from './device.ts'
import type { ReplicaEngines } from './engines.ts'
import type { Health } from './health.ts'
import type { PickedIds } from './live/picked-ids.ts'
import type { ReplicaLimits, ReplicaPorts } from './options.ts'
import type { Receipts } from './receipts.ts'
import type { BatchBuilder } from './replica/committer.ts'
import type { Counters } from './replica/meta.ts'
import { receiptsOf } from './replica/row.ts'
import type { LocalRow } from './replica/row.ts'
import { LocalWrites } from './upstream/local-writes.ts'
import type { Losses } from './upstream/losses.ts'
import type { OwnWriters } from './upstream/own-writers.ts'
import type { ReceiptBook } from './upstream/receipt-book.ts'
import type { Reason, Take } from './upstream/refusal.ts'
import { Retrying } from './upstream/retrying.ts'
import { Taking } from './upstream/taking.ts'
import type { Upstream } from './upstream/upstream.ts'
import { RowMaker } from './upstream/writing.ts'

export interface EditsDeps {
  readonly device: DeviceParts
  readonly ports: ReplicaPorts
  readonly engines: ReplicaEngines
  readonly limits: ReplicaLimits
  readonly store: Store
  readonly log: Log
  readonly writer: WriterId
  readonly principal: UserId
  readonly clientIds: PickedIds
  readonly writers: OwnWriters
  readonly counters: Counters
  readonly receipts: Receipts
  readonly book: ReceiptBook
  readonly losses: Losses
  readonly collectionNamed: (name: string) => Collection | undefined
  readonly isJoined: (space: SpaceId) => boolean
  readonly upstream: () => Upstream
  readonly health: () => Health
}

/** What becomes of an edit on this device: it is written, taken with a refusal, made again by itself or by a person. */
export interface EditsParts {
  readonly local: LocalWrites
  readonly taking: Taking
  readonly retrying: Retrying
  readonly rejected: (writer: WriterId, transactions: readonly number[], reason: Reason) => void
  readonly resolved: (writer: WriterId, transactions: Intervals) => void
}

export function wireEdits(deps: EditsDeps): EditsParts {
  const { ports, limits, log, writer, principal, clientIds, writers, counters, receipts } = deps
  const { losses, upstream, health } = deps
  const { announcer, disputes, entities } = deps.device
  const { clock, random } = ports
  /** Under whose name entries are sealed: the writer, until another turns out to have its CRDT client ids. */
  let sealer = writer
  const rowMaker = (batch: BatchBuilder): RowMaker => {
    writers.used(batch, writer, principal, clientIds.all())
    if (sealer !== writer) writers.used(batch, sealer, principal, clientIds.latest())
    const made = (row: number, record: LocalRow): void => void receipts.rows.set(row, receiptsOf(record))
    const nextRow = (): number => counters.nextRow()
    return new RowMaker({ writer, principal, rowBytesMax: limits.rowBytesMax, nextRow, made })
  }
  const renew = ({ first, error, message }: Take): void => {
    if (first.writer !== sealer) return
    sealer = newWriterId(random)
    log('warn', 'writer.renewed')
    clientIds.renew(sealer)
    entities.repick()
    upstream().step({ kind: 'renewed', writer: sealer, of: writer, error, message, first })
  }
  const rejected: EditsParts['rejected'] = (author, transactions, { kind, message }) => {
    if (author === writer) for (const n of transactions) receipts.rejected(n, kind, message)
  }
  const resolved: EditsParts['resolved'] = (author, transactions) => {
    if (author === writer) receipts.stored(transactions)
  }
  const common = {
    ...deps,
    ...deps.device,
    clock,
    rowMaker,
    quarantined: (writes: number) => health().quarantined(writes),
  }
  const local = new LocalWrites({
    ...common,
    now: () => clock.now(),
    waiting: (rows) => upstream().step({ kind: 'waiting', rows }),
    changed: (live) => {
      announcer.changed(live)
      disputes.edited(live)
    },
    saved: (live) => entities.letGo(live),
  })
  const taking = new Taking({
    ...common,
    sealed: (space, ids) => upstream().sealed(space, ids),
    isTorn: (space, document) => losses.touches(space, document),
    nextTransaction: () => receipts.next(0),
    renew,
    rejected,
    resolved,
    rebase: (live, stored, remaker) => local.rebase(live, stored, remaker),
    taken: (take, rows, made) => {
      upstream().forget(take.space, take.entries)
      upstream().step({ kind: 'taken', take: take.take, space: take.space, rows })
      if (made.length > 0) upstream().step({ kind: 'waiting', rows: made })
    },
  })
  return { local, taking, retrying: new Retrying({ ...common, local }), rejected, resolved }
}
