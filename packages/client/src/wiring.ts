import { eachNumber, newWriterId, silent, spaceId } from '@rejoin/base'
import type { ErrorKind, SpaceId, UserId, WriterId } from '@rejoin/base'
import { ClientIds } from '@rejoin/documents'
import { createOutbox } from '@rejoin/outbox'
import type { Outbox } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import type { Collections } from './api.ts'
import { Credentials } from './credentials.ts'
import { Downstream } from './downstream/downstream.ts'
import { SpaceState } from './downstream/space-state.ts'
import type { Stream } from './downstream/space-state.ts'
import { guarded } from './guarded.ts'
import { Leaving } from './leaving.ts'
import { Announcer } from './live/announcer.ts'
import { Entities } from './live/entities.ts'
import { Packing } from './live/packing.ts'
import { replicaLimits } from './options.ts'
import type { RejoinOptions, ReplicaPorts } from './options.ts'
import { Receipts } from './receipts.ts'
import { Committer } from './replica/committer.ts'
import { setAside } from './replica/damage.ts'
import { partsOf } from './replica/keys.ts'
import { loadReplica } from './replica/load.ts'
import { Counters, nobody } from './replica/meta.ts'
import { repair } from './replica/repair.ts'
import { transactionsOf } from './replica/row.ts'
import { AnswerWatch } from './session/answer-watch.ts'
import { Exchange } from './session/exchange.ts'
import { Network } from './session/network.ts'
import { Streams } from './session/streams.ts'
import { Spaces } from './spaces.ts'
import { Health } from './health.ts'
import { LocalWrites } from './upstream/local-writes.ts'
import { OwnWriters } from './upstream/own-writers.ts'
import { ReceiptBook } from './upstream/receipt-book.ts'
import { Settling } from './upstream/settling.ts'
import { Taking } from './upstream/taking.ts'
import { Upstream } from './upstream/upstream.ts'
import { Views } from './views/views.ts'

/** The parts of an open replica that the public object stands on. */
export interface Parts {
  readonly writer: WriterId
  readonly ports: ReplicaPorts
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly views: Views
  readonly spaces: Spaces
  readonly outbox: Outbox
  readonly upstream: Upstream
  readonly local: LocalWrites
  readonly settling: Settling
  readonly receipts: Receipts
  readonly book: ReceiptBook
  readonly health: Health
  readonly network: Network | undefined
}

/**
 * The composition root: makes every part, loads what is unfinished, and joins the default spaces. The parts
 * that answer each other (outbox and connection, refusal and rebuild) meet in the functions given here.
 */
export async function wire<Cs extends Collections>(options: RejoinOptions<Cs>, ports: ReplicaPorts, store: Store): Promise<Parts> {
  const { clock, elapsed, timers, random, transport, engine } = ports
  const limits = { ...replicaLimits, ...options.limits }
  const log = options.log ?? silent
  const loaded = await loadReplica(store, random, log)
  const repaired = repair(loaded)
  const credentials = new Credentials(options.token, options.user, timers)
  const principal = await credentials.principal(loaded.meta.principal, limits.tokenMs)
  const writer = newWriterId(random)

  const callApp = guarded(timers)
  const counters = new Counters(clock, elapsed, loaded.meta, principal)
  const clientIds = new ClientIds(writer)
  const writers = new OwnWriters()
  const book = new ReceiptBook(store)
  const receipts = new Receipts(writer)
  const outbox = createOutbox()
  const states = new Map([...loaded.spaces].map(([space, record]) => [space, new SpaceState(space, record)]))
  const isJoined = (space: SpaceId): boolean => states.get(space)?.left === false
  const lifeOf = (space: SpaceId): SpaceState | undefined => (isJoined(space) ? states.get(space) : undefined)
  const announcer = new Announcer(timers, callApp)

  const { groupDelayMs, storeRetryMs: retryDelayMs } = limits
  const committer = new Committer({ store, timers, log, groupDelayMs, retryDelayMs, health: (failure) => health.store(failure) })
  /** A damaged record is set aside, and its space is asked for from the beginning: the server has the rest. */
  const damaged = (space: SpaceId) => (key: string, bytes: Uint8Array) => {
    log('error', 'store.damaged', { key })
    const state = lifeOf(space)
    state?.rewind()
    committer.contribute({
      write: (batch) => {
        setAside(batch, key, bytes)
        writers.forgetAnswers(batch, space)
        if (state !== undefined && lifeOf(space) === state) state.write(batch)
      },
      durable: () => network?.reconnect(),
    })
  }
  const nextStamp = (): number => counters.nextStamp()
  const entities = new Entities({
    store,
    committer,
    engine,
    writer,
    clientIds,
    nextStamp,
    isJoined,
    damaged,
    changed: (live) => announcer.changed(live),
    log,
  })
  const { viewTextMax, viewSliceMs: sliceMs, tailRowsMax, tailBytesMin, rowBytesMax } = limits
  const views = new Views({ store, committer, entities, engine, elapsed, timers, callApp, log, damaged, viewTextMax, sliceMs, retryDelayMs })
  const packing = new Packing({ store, committer, engine, log, damaged, tailRowsMax, tailBytesMin })
  const grown = packing.grown.bind(packing)
  const rejected = (author: WriterId, transactions: readonly number[], kind: ErrorKind, message: string): void => {
    if (author === writer) for (const n of transactions) receipts.rejected(n, kind, message)
  }

  const settling = new Settling({
    store,
    committer,
    entities,
    writers,
    book,
    lifeOf,
    timers,
    log,
    retryDelayMs,
    grown,
    resolved: (author, transactions) => {
      if (author === writer) receipts.stored(transactions)
    },
    acknowledged: (space, id) => {
      callApp(() => options.acknowledged?.({ space, ...id }))
      health.touch()
    },
  })
  const taking = new Taking({
    clock,
    store,
    committer,
    entities,
    views,
    writers,
    book,
    rejected,
    quarantined: (writes) => health.quarantined(writes),
    taken: (take, rows) => {
      upstream.forget(take.space, take.entries)
      upstream.step({ kind: 'taken', take: take.take, space: take.space, rows })
    },
  })
  const watch = new AnswerWatch(timers, limits.answerMs, (what) => network?.unanswered(what))
  const upstream = new Upstream({
    elapsed,
    timers,
    random,
    log,
    store,
    committer,
    engine,
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
  })
  const local = new LocalWrites({
    writer,
    principal,
    committer,
    counters,
    clientIds,
    writers,
    receipts,
    book,
    views,
    rowBytesMax,
    now: () => clock.now(),
    waiting: (rows) => upstream.step({ kind: 'waiting', rows }),
    quarantined: (writes) => health.quarantined(writes),
    changed: (live) => announcer.changed(live),
    saved: (live) => entities.letGo(live),
  })
  const { resubscribeMs } = limits
  const changed = (space: SpaceState): void => health.space(space)
  const streams = new Streams({ timers, spaces: states, network: () => network, watch, resubscribeMs, changed })
  const exchange: Exchange = new Exchange({
    log,
    principal,
    spaces: states,
    streams,
    watch,
    network: () => network,
    downstream: () => downstream,
    outbox: (event) => upstream.step(event),
    answered: (space, author, n, answer) => upstream.answered(space, { writer: author, n }, answer),
    heardServerTime: (ms) => counters.heardServerTime(ms),
    changed,
    restarted: (space) => {
      committer.contribute({
        write: (batch) => (space.left ? undefined : writers.forgetAnswers(batch, space.space)),
        durable: () => undefined,
      })
    },
    problem: (kind, message) => health.problem({ kind, message }),
  })
  const downstream: Downstream = new Downstream({
    committer,
    counters,
    entities,
    writers,
    views,
    log,
    awaits: (space, id) => upstream.awaits(space, id),
    found: (space, ids) => {
      for (const id of ids) upstream.answered(space, id, { kind: 'ack' })
    },
    grown,
    spoiled: (live) => entities.refresh(live),
    applied: (space, stream) => exchange.applied(space, stream),
  })
  const { server: url } = options
  const network: Network | undefined =
    url === undefined
      ? undefined
      : new Network({
          elapsed,
          timers,
          random,
          log,
          transport,
          url,
          device: counters.device,
          token: () => credentials.token(),
          cursors: () => streams.cursors(),
          up: (usable, welcome) => {
            health.problem(undefined)
            exchange.up(usable, welcome)
          },
          down: (kind, message) => {
            counters.lostServer()
            health.problem({ kind, message })
            exchange.down()
          },
          frame: (usable, frame, size) => exchange.frame(usable, frame, size),
        })
  const leaving = new Leaving({
    clock,
    store,
    committer,
    entities,
    views,
    book,
    writers,
    silence: (space) => exchange.left(space),
    stayed: (space) => {
      for (const stream of space.streams) streams.opened(space, stream)
    },
    left: (space) => {
      states.delete(space.space)
      upstream.forgetSpace(space.space)
      health.space(space)
    },
    rejected,
    quarantined: (writes) => health.quarantined(writes),
  })
  const opened = (space: SpaceState, stream: Stream): void => {
    streams.opened(space, stream)
    health.space(space)
  }
  const spaces = new Spaces({ collections: options.collections, named: options.spaces, committer, leaving, opened }, states)
  const quarantined = loaded.quarantined + repaired.lost.reduce((sum, { record }) => sum + record.writes.length, 0)
  const health: Health = new Health({ clock, timers, callApp, outbox, receipts, counters, network, states, quarantined })

  for (const [author, record] of loaded.writers) writers.add(author, record)
  for (const { writer: author, space, numbers } of loaded.numbers) writers.addNumbers(author, space, numbers)
  const authors = new Set([...loaded.waiting.rows.map(({ info }) => info.writer), ...repaired.sealed.map(({ author }) => author)])
  for (const author of authors) {
    if (!writers.has(author)) writers.add(author, { principal, clientIds: [] })
    await book.open(author)
  }
  if (!repaired.isWhole) {
    committer.contribute({
      write: (batch) => {
        repaired.write(batch, clock.now())
        for (const { record } of repaired.lost) book.rejected(batch, record.writer, eachNumber(transactionsOf(record)))
        for (const [key] of loaded.damaged) if (partsOf(key)[0] === 'space') writers.forgetAnswers(batch, spaceId(partsOf(key)[1] ?? ''))
        counters.write(batch)
      },
      durable: () => undefined,
    })
  }
  upstream.restore(repaired.sealed)
  // What was written before anybody was known belongs to the first who is.
  const adopted = <T extends { readonly principal: UserId }>(work: T): T => (work.principal === nobody ? { ...work, principal } : work)
  const rows = repaired.rows.map(({ info }) => adopted(info))
  const sealed = repaired.sealed.map(({ info }) => adopted(info))
  upstream.step({ kind: 'start', writer, lastEntry: new Map(), rows, sealed })
  await spaces.joinNamed()
  return { writer, ports, store, committer, entities, views, spaces, outbox, upstream, local, settling, receipts, book, health, network }
}
