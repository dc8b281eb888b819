import type { DocumentKey, Log, SpaceId } from '@rejoin/base'
import type { Engine, Update } from '@rejoin/documents'
import type { Store } from '@rejoin/storage'
import type { ReplicaEngines } from '../engines.ts'
import { BatchBuilder } from '../replica/committer.ts'
import type { Committer } from '../replica/committer.ts'
import { encodeBase } from '../replica/base-record.ts'
import { keys } from '../replica/keys.ts'
import { readWhole, updatesOfStored } from '../replica/reading.ts'
import type { Damaged } from '../replica/reading.ts'
import type { LiveDocument, LiveEntity } from './live-entity.ts'

export interface PackingDeps {
  readonly store: Store
  readonly committer: Committer
  readonly engines: ReplicaEngines
  readonly log: Log
  readonly damaged: (space: SpaceId) => Damaged
  /** A tail longer than this many rows is packed. */
  readonly tailRowsMax: number
  /** A tail larger than this, and than the base, is packed; so all packing together costs linear time. */
  readonly tailBytesMin: number
}

/**
 * Packs the stored rows of a document's tail into its base. Waiting rows stay apart: a base must be able
 * to do without them, should the server refuse them.
 */
export class Packing {
  readonly #deps: PackingDeps
  readonly #busy = new Set<LiveDocument>()

  constructor(deps: PackingDeps) {
    this.#deps = deps
  }

  grown(live: LiveEntity, key: DocumentKey): void {
    const document = live.documents.get(key)
    if (document === undefined || this.#busy.has(document) || !this.#isLong(document)) return
    if (this.#deps.engines.hasLost(live.collection)) return
    this.#busy.add(document)
    this.#deps.committer
      .exclusiveWrite(() => this.#pack(live, document))
      .catch((cause: unknown) => {
        this.#deps.log('warn', 'packing.failed', { document: key, reason: String(cause) })
        // Not again with the next row: after as much again has come.
        document.baseBytes += document.tailBytes
        document.tailRows = 0
        document.tailBytes = 0
      })
      .finally(() => this.#busy.delete(document))
  }

  #isLong(document: LiveDocument): boolean {
    const { tailRowsMax, tailBytesMin } = this.#deps
    return document.tailRows > tailRowsMax || document.tailBytes > Math.max(tailBytesMin, document.baseBytes)
  }

  async #pack(live: LiveEntity, document: LiveDocument): Promise<void> {
    const { store, engines, damaged } = this.#deps
    const stored = (await readWhole(store, live.space, live.collection.name, live.id, damaged(live.space))).get(
      document.key,
    )
    if (stored === undefined) return
    const engine = engines.of(live.collection)
    const snapshot = engines.use(engine, () => snapshotOf(engine, updatesOfStored(stored)))
    const { generation, branch } = document
    const batch = new BatchBuilder()
    for (const { key, value } of stored.rows) if (value.kind === 'stored') batch.remove(key)
    batch.put(keys.base(live.space, document.key), encodeBase({ generation, branch, snapshot }))
    await this.#deps.committer.apply(batch)
    document.tailRows = 0
    document.tailBytes = 0
    document.baseBytes = snapshot.bytes.length
  }
}

function snapshotOf(engine: Engine, updates: readonly Update[]): Update {
  const packed = engine.create()
  try {
    packed.apply(updates)
    return packed.snapshot()
  } finally {
    packed.dispose()
  }
}
