import { newWriterId, silent } from '@rejoin/base'
import type { DocumentKey, SpaceId } from '@rejoin/base'
import { yjs } from '@rejoin/documents/yjs'
import { createOutbox } from '@rejoin/outbox'
import type { Collection } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { Collections } from './api.ts'
import { Credentials } from './credentials.ts'
import { wireDevice } from './device.ts'
import { Downstream } from './downstream/downstream.ts'
import { SpaceState } from './downstream/space-state.ts'
import type { Stream } from './downstream/space-state.ts'
import { wireEdits } from './edits.ts'
import { ReplicaEngines } from './engines.ts'
import { brokenError, createFuse } from './fuse.ts'
import { guarded } from './guarded.ts'
import { Leaving } from './leaving.ts'
import { PickedIds } from './live/picked-ids.ts'
import { takeUp } from './opening.ts'
import { replicaLimits } from './options.ts'
import type { RejoinOptions, ReplicaPorts } from './options.ts'
import type { Parts } from './parts.ts'
import { Receipts } from './receipts.ts'
import type { BatchBuilder } from './replica/committer.ts'
import { loadReplica } from './replica/load.ts'
import { Damages, setAside } from './replica/damage.ts'
import { Counters } from './replica/meta.ts'
import { repair } from './replica/repair.ts'
import type { LocalRow } from './replica/row.ts'
import { standIn } from './replica/sealed-record.ts'
import { wireLink } from './session/link.ts'
import type { LinkParts } from './session/link.ts'
import { Spaces } from './spaces.ts'
import { Health } from './health.ts'
import { Losses } from './upstream/losses.ts'
import { OwnWriters } from './upstream/own-writers.ts'
import { ReceiptBook } from './upstream/receipt-book.ts'
import { Settling } from './upstream/settling.ts'
import { Upstream } from './upstream/upstream.ts'

/**
 * The composition root: makes every part, loads what is unfinished, and joins the default spaces. The parts
 * that answer each other (outbox and connection, refusal and rebuild) meet in the functions given here.
 */
export async function wire<Cs extends Collections>(
  options: RejoinOptions<Cs>,
  ports: ReplicaPorts,
  store: Store,
): Promise<Parts> {
  const { clock, elapsed, timers, random } = ports
  const collections = Object.values(options.collections)
  const engines = new ReplicaEngines([yjs].concat(options.engines ?? []), collections, () => health.touch())
  const limits = { ...replicaLimits, ...options.limits }
  const log = options.log ?? silent
  const loaded = await loadReplica(store, random, log)
  const repaired = repair(loaded)
  const credentials = new Credentials(options.token, options.user, timers)
  const principal = await credentials.principal(loaded.meta.principal, limits.tokenMs)
  const writer = newWriterId(random)

  const callApp = guarded(timers)
  const fuse = createFuse((cause) => {
    log('error', 'replica.broken', { reason: String(cause) })
    health.broken(brokenError(cause).message)
  })
  const counters = new Counters(clock, elapsed, loaded.meta, principal)
  const clientIds = new PickedIds(writer)
  const writers = new OwnWriters()
  const damages = new Damages(
    [...loaded.aside, ...loaded.damaged.map(([key]) => key)],
    [...loaded.lost, ...repaired.lost],
  )
  const book = new ReceiptBook(store, (key, bytes) => {
    log('error', 'store.damaged', { key })
    damages.found(key)
    committer.contribute({ write: (batch) => setAside(batch, key, bytes), durable: () => undefined })
  })
  const receipts = new Receipts(writer)
  const outbox = createOutbox()
  const states = new Map([...loaded.spaces].map(([space, record]) => [space, new SpaceState(space, record)]))
  const lifeOf = (space: SpaceId): SpaceState | undefined => {
    const state = states.get(space)
    return state?.left === false ? state : undefined
  }
  const standInFor = (space: SpaceId, document: DocumentKey, row: number): LocalRow | undefined => {
    const entry = upstream.entryWith(space, document, row)
    return entry && standIn(entry, row, 0)
  }
  const collectionNamed = (name: string): Collection | undefined =>
    collections.find((collection) => collection.name === name)
  const losses = new Losses({ writer, damages, receipts, book, changed: () => health.touch() })
  const device = wireDevice({
    ports,
    engines,
    limits,
    store,
    log,
    writer,
    clientIds,
    writers,
    damages,
    losses,
    counters,
    callApp,
    lifeOf,
    standInFor,
    health: () => health,
    collections: options.collections,
    collectionNamed,
    spacesOf: (kind) => spaces.ofKind(kind),
    loaded,
    broken: fuse.blow,
    reconnect: () => link.network?.reconnect(),
  })
  const { committer, entities, disputes, packing } = device
  const grown = packing.grown.bind(packing)
  const { local, taking, retrying, rejected, resolved } = wireEdits({
    ports,
    engines,
    limits,
    store,
    log,
    writer,
    principal,
    clientIds,
    writers,
    counters,
    receipts,
    book,
    losses,
    device,
    collectionNamed,
    isJoined: (space) => lifeOf(space) !== undefined,
    upstream: () => upstream,
    health: () => health,
  })
  const settling = new Settling({
    committer,
    entities,
    writers,
    counters,
    book,
    ownRows: receipts.rows,
    lifeOf,
    grown,
    resolved,
    acknowledged: (space, id) => {
      callApp(() => options.acknowledged?.({ space, ...id }))
      health.touch()
    },
  })
  const link: LinkParts = wireLink({
    ports,
    limits,
    log,
    url: options.server,
    principal,
    credentials,
    counters,
    spaces: states,
    upstream: () => upstream,
    downstream: () => downstream,
    health: () => health,
    ousted: () => {
      log('warn', 'device.copied')
      counters.renameDevice(random)
      committer.contribute({ write: (batch) => counters.write(batch), durable: () => undefined })
    },
    restarted: (space) => {
      writers.forgetAnswers(space.space)
      const write = (batch: BatchBuilder): void => (space.left ? undefined : writers.write(batch, space.space))
      committer.contribute({ write, durable: () => undefined })
    },
  })
  const { network, exchange, streams, watch } = link
  const upstream: Upstream = new Upstream({
    elapsed,
    timers,
    random,
    log,
    store,
    committer,
    engines,
    outbox,
    writers,
    connection: () => network?.connection,
    watch,
    lifeOf,
    pushBytesMax: limits.pushBytesMax,
    pushEntriesMax: limits.pushEntriesMax,
    stored: (space, records) => settling.stored(space, records),
    take: (take) => taking.take(take),
    changed: () => health.touch(),
    broken: fuse.blow,
  })
  const downstream: Downstream = new Downstream({
    ...device,
    counters,
    writers,
    log,
    awaits: (space, id) => upstream.awaits(space, id),
    found: (space, ids) => {
      for (const id of ids) upstream.answered(space, id, { kind: 'ack' })
    },
    grown,
    spoiled: (live) => entities.refresh(live),
    unreadable: (space, entity) => health.unreadable(space, entity),
    applied: (space, stream) => exchange.applied(space, stream),
  })
  const leaving = new Leaving({
    ...device,
    clock,
    store,
    engines,
    book,
    writers,
    silence: (space) => exchange.left(space),
    stayed: (space) => {
      for (const stream of space.streams) streams.opened(space, stream)
    },
    left: (space) => {
      states.delete(space.space)
      upstream.forgetSpace(space.space)
      health.left(space)
    },
    rejected,
    quarantined: (writes) => health.quarantined(writes),
    standInFor,
    losses,
  })
  const opened = (space: SpaceState, stream: Stream): void => {
    streams.opened(space, stream)
    health.space(space)
  }
  const spaces = new Spaces(
    { collections: options.collections, named: options.spaces, committer, leaving, opened },
    states,
  )
  const quarantined = loaded.quarantined + repaired.stranded.reduce((sum, { record }) => sum + record.writes.length, 0)
  const health: Health = new Health({
    clock,
    timers,
    callApp,
    outbox,
    receipts,
    counters,
    settling,
    network,
    states,
    damages,
    disputes,
    engines,
    quarantined,
  })

  try {
    await takeUp(loaded, repaired, { clock, committer, counters, writers, book, upstream, writer, principal })
    await spaces.joinNamed()
    await spaces.joinAgain(loaded.lostSpaces)
    fuse.check()
  } catch (cause) {
    await committer.close()
    throw cause
  }
  return {
    ...device,
    writer,
    ports,
    store,
    callApp,
    spaces,
    outbox,
    upstream,
    local,
    receipts,
    book,
    retrying,
    collectionNamed,
    health,
    network,
    whenBroken: fuse.whenBlown,
  }
}
