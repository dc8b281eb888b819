import type { Log, SpaceId, WriterId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import type { SpaceState } from './downstream/space-state.ts'
import type { CallApp } from './guarded.ts'
import type { Health } from './health.ts'
import { Announcer } from './live/announcer.ts'
import { Entities } from './live/entities.ts'
import { Mending } from './live/mending.ts'
import type { MendingDeps } from './live/mending.ts'
import { Packing } from './live/packing.ts'
import type { PickedIds } from './live/picked-ids.ts'
import type { ReplicaLimits, ReplicaPorts } from './options.ts'
import { Committer } from './replica/committer.ts'
import { nobody } from './replica/meta.ts'
import type { Counters } from './replica/meta.ts'
import type { OwnWriters } from './upstream/own-writers.ts'
import { Views } from './views/views.ts'

export interface DeviceDeps extends Pick<MendingDeps, 'damages' | 'standInFor' | 'losses' | 'reconnect'> {
  readonly ports: ReplicaPorts
  readonly limits: ReplicaLimits
  readonly store: Store
  readonly log: Log
  readonly writer: WriterId
  readonly clientIds: PickedIds
  readonly writers: OwnWriters
  readonly counters: Counters
  readonly callApp: CallApp
  /** The space, unless it is not joined or being left. */
  readonly lifeOf: (space: SpaceId) => SpaceState | undefined
  readonly health: () => Health
  readonly broken: (cause: unknown) => void
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
  const { ports, limits, store, log, writer, clientIds, counters, callApp, lifeOf } = deps
  const { elapsed, timers, engine } = ports
  const {
    groupDelayMs,
    storeRetryMs: retryDelayMs,
    storeAnswerMs: answerMs,
    viewTextMax,
    viewSliceMs: sliceMs,
    tailRowsMax,
    tailBytesMin,
    writeBytesMax,
    entityBytesWarn,
    entityBytesMax,
  } = limits
  const health = (failure: Parameters<Health['store']>[0]): void => deps.health().store(failure)
  const committer = new Committer({
    store,
    timers,
    log,
    groupDelayMs,
    retryDelayMs,
    answerMs,
    health,
    broken: deps.broken,
  })
  const mending = new Mending({
    ...deps,
    committer,
    entities: () => entities,
    views: () => views,
    changed: () => deps.health().touch(),
  })
  const damaged = mending.damaged.bind(mending)
  const unreadable = (space: SpaceId, entity: string): void => deps.health().unreadable(space, entity)
  const announcer = new Announcer(timers, callApp)
  const entities: Entities = new Entities({
    store,
    committer,
    engine,
    writer,
    clientIds,
    nextStamp: () => counters.nextStamp(),
    user: counters.principal === nobody ? undefined : counters.principal,
    limits: {
      writeBytesMax,
      entityBytesWarn,
      entityBytesMax,
      onLarge: (bytes) => log('warn', 'entity.large', { bytes }),
    },
    isJoined: (space) => lifeOf(space) !== undefined,
    damaged,
    changed: (live) => announcer.changed(live),
    loaded: (live) => {
      for (const key of live.documents.keys()) packing.grown(live, key)
    },
    unreadable,
    log,
  })
  const common = { store, committer, engine, log, damaged }
  const views: Views = new Views({
    ...common,
    entities,
    elapsed,
    timers,
    callApp,
    viewTextMax,
    sliceMs,
    retryDelayMs,
    unreadable,
  })
  const packing: Packing = new Packing({ ...common, tailRowsMax, tailBytesMin })
  return { committer, announcer, entities, views, packing }
}
