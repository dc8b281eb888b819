import type { WriterId } from '@rejoin/base'
import type { Outbox } from '@rejoin/outbox'
import type { Collection } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { DeviceParts } from './device.ts'
import type { CallApp } from './guarded.ts'
import type { Health } from './health.ts'
import type { ReplicaPorts } from './options.ts'
import type { Receipts } from './receipts.ts'
import type { Network } from './session/network.ts'
import type { Spaces } from './spaces.ts'
import type { LocalWrites } from './upstream/local-writes.ts'
import type { ReceiptBook } from './upstream/receipt-book.ts'
import type { Retrying } from './upstream/retrying.ts'
import type { Upstream } from './upstream/upstream.ts'

/** The parts of an open replica that the public object stands on. */
export interface Parts extends Pick<DeviceParts, 'committer' | 'entities' | 'undo' | 'views' | 'disputes' | 'authors'> {
  readonly writer: WriterId
  readonly ports: ReplicaPorts
  readonly store: Store
  readonly callApp: CallApp
  readonly spaces: Spaces
  readonly outbox: Outbox
  readonly upstream: Upstream
  readonly local: LocalWrites
  readonly receipts: Receipts
  readonly book: ReceiptBook
  readonly retrying: Retrying
  readonly collectionNamed: (name: string) => Collection | undefined
  readonly health: Health
  readonly network: Network | undefined
  /** Broken code was found: the replica is to be closed. Called at once if it was found before. */
  readonly whenBroken: (close: (cause: unknown) => void) => void
}
