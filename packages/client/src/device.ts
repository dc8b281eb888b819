import { collectionName, entityId, rootKey, spaceId } from '@rejoin/base'
import type { Log, SpaceId, UserId, WriterId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import type { Collections } from './api.ts'
import type { SpaceState } from './downstream/space-state.ts'
import type { ReplicaEngines } from './engines.ts'
import type { CallApp } from './guarded.ts'
import type { Health } from './health.ts'
import { Announcer } from './live/announcer.ts'
import { Authors } from './live/authors.ts'
import { Entities } from './live/entities.ts'
import type { EntitiesDeps } from './live/entities.ts'
import { Mending } from './live/mending.ts'
import type { MendingDeps } from './live/mending.ts'
import { Packing } from './live/packing.ts'
import { UndoBook } from './live/undo-book.ts'
import type { PickedIds } from './live/picked-ids.ts'
import type { ReplicaLimits, ReplicaPorts } from './options.ts'
import { Committer } from './replica/committer.ts'
import { partsOf } from './replica/keys.ts'
import type { Loaded } from './replica/load.ts'
import { nobody } from './replica/meta.ts'
import type { Counters } from './replica/meta.ts'
import type { OwnWriters } from './upstream/own-writers.ts'
import { Deriving } from './views/deriving.ts'
import { DisputeBook } from './views/dispute-book.ts'
import { targetsIn } from './views/references.ts'
import { Views } from './views/views.ts'

export interface DeviceDeps extends Pick<MendingDeps, 'damages' | 'standInFor' | 'losses' | 'reconnect'> {
  readonly ports: ReplicaPorts
  readonly engines: ReplicaEngines
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
  readonly collections: Collections
  readonly collectionNamed: EntitiesDeps['collectionNamed']
  readonly spacesOf: (kind: string) => readonly SpaceId[]
  readonly loaded: Loaded
  readonly broken: (cause: unknown) => void
}

/** What works without a server: the disk, the entities in memory, and lists of them. */
export interface DeviceParts {
  readonly committer: Committer
  readonly announcer: Announcer
  readonly entities: Entities
  readonly undo: UndoBook
  readonly views: Views
  readonly disputes: DisputeBook
  readonly authors: Authors
  readonly packing: Packing
}

export function wireDevice(deps: DeviceDeps): DeviceParts {
  const { ports, engines, limits, store, log, writer, clientIds, counters, callApp, lifeOf } = deps
  const { elapsed, timers } = ports
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
  const undo = new UndoBook({ elapsed, timers, callApp, limits, entitiesMax: limits.undoEntitiesMax })
  const user = counters.principal === nobody ? undefined : counters.principal
  const authors = new Authors({ user, own: () => clientIds.all(), authorsMax: limits.authorsMax })
  const disputes = new DisputeBook(() => deps.health().touch())
  const entities: Entities = new Entities({
    store,
    committer,
    engines,
    writer,
    clientIds,
    nextStamp: () => counters.nextStamp(),
    user,
    namesIn: (space) => authors.namesIn(space),
    undo,
    limits: {
      writeBytesMax,
      entityBytesWarn,
      entityBytesMax,
      onLarge: (bytes) => log('warn', 'entity.large', { bytes }),
    },
    collectionNamed: deps.collectionNamed,
    isJoined: (space) => lifeOf(space) !== undefined,
    damaged,
    changed: (live) => announcer.changed(live),
    loaded: (live) => {
      disputes.noteLive(live, 'loaded')
      for (const key of live.documents.keys()) packing.grown(live, key)
    },
    unreadable,
    log,
  })
  const common = { store, committer, engines, log, damaged }
  const deriving = new Deriving({
    ...common,
    entities,
    disputes,
    elapsed,
    timers,
    callApp,
    viewTextMax,
    sliceMs,
    retryDelayMs,
    unreadable,
  })
  const views: Views = new Views(deriving, targetsIn(deps.collections, deps.spacesOf))
  const packing: Packing = new Packing({ ...common, tailRowsMax, tailBytesMin })
  restore(deps, user, { authors, disputes, committer, views })
  return { committer, announcer, entities, undo, views, disputes, authors, packing }
}

/** Takes up what is kept beside the documents. What of it cannot be read is derived again. */
function restore(
  { loaded }: DeviceDeps,
  user: UserId | undefined,
  { authors, disputes, committer, views }: Pick<DeviceParts, 'authors' | 'disputes' | 'committer' | 'views'>,
): void {
  for (const [writer, { principal }] of loaded.writers) {
    const own = principal === nobody ? user : principal
    if (own !== undefined) authors.own(writer, own)
  }
  for (const author of loaded.authors) authors.restore(author.space, author.writer, author.user)
  for (const [key, found] of loaded.disputes) {
    disputes.restore(key, found)
    if (found !== undefined) continue
    const [, space = '', collection = '', entity = ''] = partsOf(key)
    const root = rootKey({ collection: collectionName(collection), entity: entityId(entity) })
    committer.contribute({ write: (batch) => views.touch(batch, spaceId(space), root), durable: () => undefined })
  }
}
