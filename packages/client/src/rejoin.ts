import { hasNumber, RejoinError, spaceId, writerId } from '@rejoin/base'
import { memoryStore } from '@rejoin/storage/memory'
import type { Collections, Rejoin, RejoinBase } from './api.ts'
import { OpenConflicts } from './conflicts.ts'
import type { HandleDeps, Write } from './entity-handle.ts'
import { guarded } from './guarded.ts'
import { createCollectionHandle } from './handles.ts'
import { replicaLimits } from './options.ts'
import type { RejoinOptions, ReplicaPorts } from './options.ts'
import { systemClock, systemElapsed, systemRandom, systemTimers } from './platform/system.ts'
import type { Parts } from './parts.ts'
import { webSocketTransport } from './platform/websocket.ts'
import { Quarantine } from './quarantine.ts'
import { parseReceiptId, receiptId } from './receipts.ts'
import { boundedReads } from './replica/bounded-reads.ts'
import { checkedReads } from './replica/checked-reads.ts'
import { under } from './replica/keys.ts'
import { decodeRow, receiptsOf } from './replica/row.ts'
import { decodeWaiting } from './replica/waiting-record.ts'
import { readQuarantine } from './upstream/keeping.ts'
import { wire } from './wiring.ts'

const realPorts: ReplicaPorts = {
  clock: systemClock,
  elapsed: systemElapsed,
  timers: systemTimers,
  random: systemRandom,
  transport: webSocketTransport,
}

/**
 * Opens a replica: what this device holds, a connection to the server if there is one, and a new writer.
 * Rejects with a RejoinError if the options or the store cannot be used.
 */
export async function openRejoin<Cs extends Collections>(options: RejoinOptions<Cs>): Promise<Rejoin<Cs>> {
  for (const name of Object.keys(options.collections))
    if (reservedNames.has(name))
      throw new RejoinError('bad-config', `A collection cannot be used as rejoin.${name}; that name is taken.`)
  const ports = { ...realPorts, ...options.ports }
  if (options.server !== undefined && ports.transport === webSocketTransport) checkUrl(options.server)
  const { storeAnswerMs } = { ...replicaLimits, ...options.limits }
  const store = checkedReads(boundedReads((await options.store) ?? memoryStore(), ports.timers, storeAnswerMs))
  const parts = await wire(options, ports, store).catch(async (cause: unknown) => {
    await store.close().catch(() => undefined)
    throw cause
  })
  let closing: Promise<void> | undefined
  const closed = (): boolean => closing !== undefined
  const close = (): Promise<void> => (closing ??= shutDown(parts))
  const write = writer(parts)
  const { collections } = options
  const conflicts = new OpenConflicts({ ...parts, collections, timers: ports.timers, write })
  const base = createBase(parts, conflicts, closed, close)
  parts.whenBroken(() => void close().catch(() => undefined))
  const { clock, random } = parts.ports
  const { entities, views, undo, spaces } = parts
  const deps: HandleDeps = {
    clock,
    random,
    entities,
    views,
    undo,
    spacesOf: (kind) => spaces.ofKind(kind),
    write,
    closed,
    callApp: guarded(parts.ports.timers),
  }
  const handles = Object.entries(collections).map(([name, collection]) => [
    name,
    createCollectionHandle(collection, deps),
  ])
  if (!closed()) parts.network?.goOnline()
  return Object.defineProperties(Object.fromEntries(handles), Object.getOwnPropertyDescriptors(base)) as Rejoin<Cs>
}

const reservedNames: ReadonlySet<string> = new Set([
  'join',
  'leave',
  'widen',
  'receipts',
  'status',
  'traffic',
  'quarantine',
  'conflicts',
  'flushed',
  'settled',
  'goOffline',
  'goOnline',
  'close',
  'then',
])

function checkUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'ws:' && protocol !== 'wss:')
    throw new RejoinError('bad-config', `The server ${url} is no address like wss://example.org.`)
}

function createBase(
  parts: Parts,
  conflicts: OpenConflicts,
  closed: () => boolean,
  close: () => Promise<void>,
): RejoinBase {
  const { committer, spaces, health, network } = parts
  const quarantine = new Quarantine({
    ...parts,
    find: (id) => findReceipt(parts, id),
    quarantined: (n) => health.quarantined(n),
  })
  const open = async <T>(act: () => Promise<T>): Promise<T> => {
    if (closed()) throw new RejoinError('closed')
    return act()
  }
  return {
    join: (space, kind, option) => open(() => spaces.join(spaceId(space), kind, option)),
    leave: (space) => open(async () => ({ quarantined: await spaces.leave(spaceId(space)) })),
    widen: (space, more) => open(() => spaces.widen(spaceId(space), more)),
    receipts: { find: (id) => open(() => findReceipt(parts, id)) },
    status: health.board,
    get traffic() {
      return { bytesUp: network?.bytesUp ?? 0, bytesDown: network?.bytesDown ?? 0 }
    },
    conflicts: {
      list: (option) => open(() => conflicts.list(option)),
      watch: (show) => {
        if (closed()) throw new RejoinError('closed')
        return conflicts.watch(show)
      },
      resolve: (conflict, resolution, option) => open(() => conflicts.resolve(conflict, resolution, option)),
    },
    quarantine: {
      list: () => open(() => quarantine.list()),
      retry: (id) => open(() => quarantine.retry(id)),
      discard: (id) => open(() => quarantine.discard(id)),
      export: (id) => open(() => quarantine.export(id)),
    },
    flushed: () => open(() => committer.flush()),
    settled: () => open(() => health.board.settled()),
    goOffline: () => network?.goOffline(),
    goOnline: () => {
      if (!closed()) network?.goOnline()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Everything in memory goes to disk first; a store that refuses is not waited for, and is said to have refused. */
async function shutDown(parts: Parts): Promise<void> {
  const { committer, network, upstream, views, receipts, health, store } = parts
  network?.goOffline()
  const refused = await committer.flush().then(nothing, (cause: unknown) => cause)
  upstream.close()
  views.close()
  await committer.close()
  const failure = refused instanceof RejoinError ? refused : undefined
  receipts.close(failure)
  health.board.close()
  await store.close()
  if (refused !== undefined) throw refused
}

const nothing = (): undefined => undefined

/** Hands what an edit did over to the disk; an edit that changed nothing has nothing to wait for. */
function writer(parts: Parts): Write {
  return (live, result, lane) => {
    if (result.error !== undefined) throw result.error
    if (result.updates.length === 0) {
      const done = Promise.resolve()
      return { id: receiptId(parts.writer, 0), state: 'stored', device: done, stored: done }
    }
    const receipt = parts.local.add(live, result, lane)
    parts.health.touch()
    return receipt
  }
}

async function findReceipt(parts: Parts, id: string): Promise<'pending' | 'stored' | 'rejected' | undefined> {
  const parsed = parseReceiptId(id)
  if (parsed === undefined) throw new RejoinError('bad-id', 'This is not the id of a receipt.')
  if (parsed.transaction === 0) return 'stored'
  const author = writerId(parsed.writer)
  if (author === parts.writer) {
    const state = parts.receipts.stateOf(parsed.transaction)
    if (state === 'memory') return undefined
    return state === 'device' ? 'pending' : state
  }
  return (
    (await parts.book.find(author, parsed.transaction)) ??
    ((await isWaiting(parts, author, parsed.transaction)) ? 'pending' : undefined) ??
    // The book of its writer may be damaged.
    ((await readQuarantine(parts.store)).some((write) => write.id === id) ? 'rejected' : undefined)
  )
}

/** Whether a row that holds the transaction of an earlier writer, or makes it again, still waits. */
async function isWaiting(parts: Parts, author: string, transaction: number): Promise<boolean> {
  const { store } = parts
  const pointers = (await store.scan(under('waiting'))).map(([, bytes]) => decodeWaiting(bytes))
  for (const bytes of await store.get(pointers.flatMap((key) => (key.ok ? [key.value] : [])))) {
    const row = bytes === undefined ? undefined : decodeRow(bytes)
    if (row?.ok !== true || row.value.kind !== 'local') continue
    if (receiptsOf(row.value).some(({ writer, numbers }) => writer === author && hasNumber(numbers, transaction)))
      return true
  }
  return false
}
