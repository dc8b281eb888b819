import { newWriterId, silent } from '@rejoin/base'
import type { ErrorKind, SpaceId, WriterId } from '@rejoin/base'
import { ClientIds } from '@rejoin/documents'
import { createOutbox } from '@rejoin/outbox'
import type { Outbox } from '@rejoin/outbox'
import { emptyToken } from '@rejoin/protocol'
import { memoryStore } from '@rejoin/storage/memory'
import type { Store } from '@rejoin/storage'
import type { Collections } from './api.ts'
import { askToken, principalOf } from './credentials.ts'
import { Downstream } from './downstream/downstream.ts'
import { SpaceState } from './downstream/space-state.ts'
import { Announcer } from './live/announcer.ts'
import { Entities } from './live/entities.ts'
import { Packing } from './live/packing.ts'
import { replicaLimits } from './options.ts'
import type { RejoinOptions, ReplicaPorts } from './options.ts'
import { Receipts } from './receipts.ts'
import { Committer } from './replica/committer.ts'
import { loadReplica } from './replica/load.ts'
import { Counters } from './replica/meta.ts'
import { Exchange } from './session/exchange.ts'
import { Network } from './session/network.ts'
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
export async function wire<Cs extends Collections>(options: RejoinOptions<Cs>, ports: ReplicaPorts): Promise<Parts> {
  const { clock, elapsed, timers, random, transport, engine } = ports
  const limits = { ...replicaLimits, ...options.limits }
  const log = options.log ?? silent
  const store = await (options.store ?? memoryStore())
  const loaded = await loadReplica(store, random, log)
  const principal = await principalOf(options.user, options.token, loaded.meta.principal)
  const writer = newWriterId(random)

  const counters = new Counters(clock, loaded.meta, principal)
  const clientIds = new ClientIds(writer)
  const writers = new OwnWriters()
  const book = new ReceiptBook(store)
  const receipts = new Receipts(writer)
  const outbox = createOutbox()
  const states = new Map<SpaceId, SpaceState>()
  const announcer = new Announcer(timers)

  const { groupDelayMs, storeRetryMs: retryDelayMs } = limits
  const committer = new Committer({ store, timers, log, groupDelayMs, retryDelayMs, health: (failure) => health.store(failure) })
  /** A damaged record is set aside, and its space is asked for from the beginning: the server has the rest. */
  const damaged = (space: SpaceId) => (key: string) => {
    log('error', 'store.damaged', { key })
    const state = states.get(space)
    for (const stream of state?.streams ?? []) stream.token = emptyToken
    committer.contribute({
      write: (batch) => {
        batch.remove(key)
        state?.write(batch)
      },
      durable: () => network?.reconnect(),
    })
  }
  const nextStamp = (): number => counters.nextStamp()
  const entities = new Entities({ store, committer, engine, writer, clientIds, nextStamp, damaged, log })
  const { viewTextMax, viewSliceMs: sliceMs, tailRowsMax, tailBytesMin, rowBytesMax } = limits
  const views = new Views({ store, committer, entities, engine, clock, timers, log, damaged, viewTextMax, sliceMs })
  const packing = new Packing({ store, committer, engine, log, damaged, tailRowsMax, tailBytesMin })
  const grown = packing.grown.bind(packing)
  const rejected = (author: WriterId, transactions: readonly number[], kind: ErrorKind, message: string): void => {
    health.quarantined(transactions.length)
    if (author === writer) for (const n of transactions) receipts.rejected(n, kind, message)
  }

  const settling = new Settling({
    store,
    committer,
    entities,
    writers,
    book,
    grown,
    resolved: (author, transactions) => {
      if (author === writer) receipts.stored(transactions)
    },
    acknowledged: (space, id) => {
      options.acknowledged?.({ space, ...id })
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
    log,
    rejected,
    taken: (take, rows) => {
      upstream.forget(take.space, take.entries)
      upstream.step({ kind: 'taken', take: take.take, space: take.space, rows })
    },
  })
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
    quarantined: (count) => health.quarantined(count),
    changed: (live) => announcer.changed(live),
  })
  const exchange: Exchange = new Exchange({
    log,
    principal,
    spaces: states,
    network: () => network,
    downstream: () => downstream,
    outbox: (event) => upstream.step(event),
    answered: (space, author, n, answer) => upstream.answered(space, { writer: author, n }, answer),
    heardServerTime: (ms) => counters.heardServerTime(ms),
    changed: () => health.touch(),
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
    applied: (space, stream) => exchange.applied(space, stream),
  })
  const { server: url, token } = options
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
          token: () => askToken(token),
          cursors: () => exchange.cursors(),
          up: (usable, welcome) => {
            health.problem(undefined)
            exchange.up(usable, welcome)
          },
          down: (kind, message) => {
            health.problem({ kind, message })
            exchange.down()
          },
          frame: (usable, frame, size) => exchange.frame(usable, frame, size),
        })
  const spaces = new Spaces(
    {
      collections: options.collections,
      named: options.spaces,
      clock,
      store,
      committer,
      entities,
      views,
      book,
      opened: (space, stream) => exchange.opened(space, stream),
      left: (space) => {
        exchange.left(space)
        upstream.step({ kind: 'left', space: space.space })
      },
      rejected: (author, transactions) => rejected(author, transactions, 'not-found', 'The space was left.'),
    },
    states,
  )
  const health: Health = new Health({ clock, timers, outbox, receipts, counters, network, states, quarantined: loaded.quarantined })

  for (const [author, record] of loaded.writers) writers.add(author, record)
  for (const { writer: author, space, numbers } of loaded.numbers) writers.addNumbers(author, space, numbers)
  for (const author of new Set(loaded.rows.map((row) => row.writer))) await book.open(author)
  for (const [space, record] of loaded.spaces) states.set(space, new SpaceState(space, record))
  upstream.restore(loaded.sealed)
  const sealed = loaded.sealed.map(({ info }) => info)
  upstream.step({ kind: 'start', writer, lastEntry: new Map(), rows: loaded.rows, sealed })
  await spaces.joinNamed()
  return { writer, ports, store, committer, entities, views, spaces, outbox, upstream, local, settling, receipts, book, health, network }
}
