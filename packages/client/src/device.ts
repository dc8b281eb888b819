import type { Log, SpaceId, WriterId } from '@rejoin/base'
import type { ClientIds } from '@rejoin/documents'
import type { Store } from '@rejoin/storage'
import type { SpaceState } from './downstream/space-state.ts'
import type { CallApp } from './guarded.ts'
import type { Health } from './health.ts'
import { Announcer } from './live/announcer.ts'
import { Entities } from './live/entities.ts'
import { Packing } from './live/packing.ts'
import type { ReplicaLimits, ReplicaPorts } from './options.ts'
import { Committer } from './replica/committer.ts'
import { setAside } from './replica/damage.ts'
import type { Counters } from './replica/meta.ts'
import type { OwnWriters } from './upstream/own-writers.ts'
import { Views } from './views/views.ts'

export interface DeviceDeps {
  readonly ports: ReplicaPorts
  readonly limits: ReplicaLimits
  readonly store: Store
  readonly log: Log
  readonly writer: WriterId
  readonly clientIds: ClientIds
  readonly writers: OwnWriters
  readonly counters: Counters
  readonly callApp: CallApp
  /** The space, unless it is not joined or being left. */
  readonly lifeOf: (space: SpaceId) => SpaceState | undefined
  readonly health: () => Health
  readonly broken: (cause: unknown) => void
  /** Every stream is to be asked for again, on a new connection. */
  readonly reconnect: () => void
}

/** What works without a server: the disk, the entities in memory, and lists of them. */
export interface DeviceParts {
  readonly committer: Committer
  readonly announcer: Announcer
  readonly entities: Entities
  readonly views: Views
  readonly packing: Packing
}

export function wireDevice(deps: DeviceDeps): DeviceParts {
  const { ports, limits, store, log, writer, clientIds, writers, counters, callApp, lifeOf } = deps
  const { elapsed, timers, engine } = ports
  const {
    groupDelayMs,
    storeRetryMs: retryDelayMs,
    viewTextMax,
    viewSliceMs: sliceMs,
    tailRowsMax,
    tailBytesMin,
  } = limits
  const health = (failure: Parameters<Health['store']>[0]): void => deps.health().store(failure)
  const committer = new Committer({ store, timers, log, groupDelayMs, retryDelayMs, health, broken: deps.broken })
  /** A damaged record is set aside, and its space is asked for from the beginning: the server has the rest. */
  const damaged = (space: SpaceId) => (key: string, bytes: Uint8Array) => {
    log('error', 'store.damaged', { key })
    const state = lifeOf(space)
    state?.rewind()
    writers.forgetAnswers(space)
    committer.contribute({
      write: (batch) => {
        setAside(batch, key, bytes)
        writers.write(batch, space)
        if (state !== undefined && lifeOf(space) === state) state.write(batch)
      },
      durable: () => undefined,
    })
    // On the connection that there is, the server would not send our own entries a second time.
    deps.reconnect()
  }
  const announcer = new Announcer(timers, callApp)
  const entities = new Entities({
    store,
    committer,
    engine,
    writer,
    clientIds,
    nextStamp: () => counters.nextStamp(),
    isJoined: (space) => lifeOf(space) !== undefined,
    damaged,
    changed: (live) => announcer.changed(live),
    loaded: (live) => {
      for (const key of live.documents.keys()) packing.grown(live, key)
    },
    log,
  })
  const common = { store, committer, engine, log, damaged }
  const views = new Views({ ...common, entities, elapsed, timers, callApp, viewTextMax, sliceMs, retryDelayMs })
  const packing: Packing = new Packing({ ...common, tailRowsMax, tailBytesMin })
  return { committer, announcer, entities, views, packing }
}
