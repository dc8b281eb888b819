import { RejoinError, spaceId, tenantId } from '@rejoin/base'
import type { DeviceId, Intervals, WriterId } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { checkLimits } from '@rejoin/protocol'
import type { Collection, Draft } from '@rejoin/schema'
import type { Rule } from './admit.ts'
import { Committer } from './committer.ts'
import { Connection } from './connection.ts'
import type { Line } from './connection.ts'
import { Devices } from './devices.ts'
import type { AuthenticateFactory } from './identity/hs256.ts'
import { defaultTenant } from './identity/hs256.ts'
import type { Principal } from './identity/principal.ts'
import { acceptedIn, everyEntry } from './log/audit.ts'
import type { AuditEntry } from './log/audit.ts'
import type { StoreFactory } from './log/factory.ts'
import type { SpaceRef } from './log/records.ts'
import { Edits } from './edits.ts'
import { ServerEngines } from './engines.ts'
import { Folding } from './fold/folding.ts'
import type { FoldReport } from './fold/folding.ts'
import type { Folder } from './fold/folder.ts'
import { serverLimits } from './limits.ts'
import type { PartialLimits, ServerLimits } from './limits.ts'
import { realPorts } from './platform/ports.ts'
import { workerFolder } from './platform/worker-folder.ts'
import type { ServerPorts } from './ports.ts'
import { SlotNumbers } from './room/slots.ts'
import { Rooms } from './rooms.ts'
import { Tokens } from './tokens.ts'

/** The schema by collection name, for `edit`. */
export type Collections = Readonly<Record<string, Collection>>

export interface ServerOptions<C extends Collections = Collections> {
  readonly store: StoreFactory
  readonly authenticate: AuthenticateFactory
  /**
   * The app's own reasons to refuse an entry. Sees the envelope and who sent it. While it throws for an entry, that
   * entry and its group are answered `retry` with `unavailable` and nothing is decided; all others go on.
   */
  readonly rules?: Rule
  readonly limits?: PartialLimits
  readonly ports?: Partial<ServerPorts>
  readonly collections?: C
  /** Engines besides Yjs and Automerge, which are always there: their entries are taken too, and `edit` writes in them. */
  readonly engines?: readonly Engine[]
  /**
   * Reads documents to fold them; a worker thread if left out, which knows none of the given engines: what is in those
   * stays unfolded then.
   */
  readonly folder?: Folder
}

/** A space by name, in the tenant `default`, or of any tenant. */
export type SpaceName = string | { readonly tenant: string; readonly space: string }

export interface ServerStats {
  readonly connections: number
  readonly rooms: number
  readonly commits: number
  readonly queued: number
}

export interface RejoinServer<C extends Collections = Collections> extends AsyncDisposable {
  readonly limits: ServerLimits
  /** Takes a new connection; the transport reports what it receives, and its end. */
  accept(line: Line): { receive(frame: Uint8Array): void; closed(): void }
  /**
   * Writes the server's own part of an entity and resolves when that is durable. Rejects with what `change`
   * threw, or with a `RejoinError`; then nothing was written.
   */
  edit<Name extends string & keyof C>(
    space: SpaceName,
    collection: Name,
    id: string,
    change: (draft: Draft<C[Name], 'server'>) => void,
  ): Promise<void>
  /** Folds every document that a new replica would read more than one entry of: in one space, or in all. */
  fold(space?: SpaceName): Promise<FoldReport>
  /** Every entry of a space's log as it stands, in order; for audits. */
  entries(space: SpaceName): AsyncIterable<AuditEntry>
  /** The numbers that were accepted, by writer. */
  accepted(space: SpaceName): Promise<ReadonlyMap<WriterId, Intervals>>
  /** Whether it takes connections. */
  isReady(): boolean
  stats(): ServerStats
  /** Commits what has arrived, closes the connections with `shutting-down`, then the store. */
  close(): Promise<void>
}

/** Composes a server from its ports. Rejects with a `RejoinError` if the store cannot be opened. */
export async function createServer<C extends Collections = Collections>(
  options: ServerOptions<C>,
): Promise<RejoinServer<C>> {
  const ports: ServerPorts = { ...realPorts(), ...options.ports }
  const limits = serverLimits(options.limits)
  const checked = checkLimits(limits.wire)
  if (!checked.ok) throw new RejoinError('bad-config', `The limits do not fit together: ${checked.error}.`)
  const engines = new ServerEngines([yjs].concat(options.engines ?? []), Object.values(options.collections ?? {}))
  const { log: store, key } = await options.store.open(ports.random, ports.log)
  const slots = new SlotNumbers()
  const tokens = new Tokens(ports.hashes, key)
  const rooms = new Rooms({ store, tokens, slots, limits, ports })
  const unflushed = new Set<Connection>()
  const connections = new Set<Connection>()
  const byDevice = new Map<string, Connection>()
  const deviceOf = new Map<Connection, string>()
  let isReady = true
  const committer = new Committer({
    store,
    limits,
    ports,
    engineOf: (encoding) => engines.nameOf(encoding),
    ...(options.rules && { rules: options.rules }),
    release: (room) => rooms.release(room),
    settled: () => {
      for (const connection of unflushed) connection.flush()
      unflushed.clear()
    },
    committed: (room, planned) => folding.touch(room.ref, planned.documents),
  })
  const devices = new Devices({ store, rooms, write: (record) => committer.addDevice(record) })
  const { foldMsMax: msMax, foldMemoryMibMax: memoryMibMax, foldGrowthMibMax: growthMibMax } = limits
  const folder = options.folder ?? workerFolder({ msMax, memoryMibMax, growthMibMax })
  const folding = new Folding({ store, rooms, committer, folder, limits, ports })
  const edits = new Edits({ store, rooms, committer, ports, engines })
  const deps = {
    limits,
    ports,
    slots,
    rooms,
    devices,
    committer,
    authenticate: options.authenticate(ports.clock),
    flushLater: (connection: Connection) => void unflushed.add(connection),
    entered: (connection: Connection, { tenant, user }: Principal, device: DeviceId) => {
      const key = `${tenant}/${user}/${device}`
      byDevice
        .get(key)
        ?.fail({ error: 'unavailable', message: 'The device has opened another connection.', afterMs: 0 })
      byDevice.set(key, connection)
      deviceOf.set(connection, key)
    },
    gone: (connection: Connection) => {
      connections.delete(connection)
      unflushed.delete(connection)
      const key = deviceOf.get(connection)
      deviceOf.delete(connection)
      if (key !== undefined && byDevice.get(key) === connection) byDevice.delete(key)
    },
  }
  const close = async (): Promise<void> => {
    if (!isReady) return
    isReady = false
    await committer.drain()
    for (const connection of [...connections])
      connection.fail({ error: 'shutting-down', message: 'The server is closing.', afterMs: 0 })
    await folding.close()
    await committer.drain()
    await store.close()
  }
  return {
    limits,
    accept: (line) => {
      const connection = new Connection(line, deps)
      connections.add(connection)
      if (!isReady) connection.fail({ error: 'shutting-down', message: 'The server is closing.', afterMs: 0 })
      return connection
    },
    edit: async (space, name, id, change) => {
      const collection = options.collections?.[name]
      if (collection === undefined)
        throw new RejoinError('bad-config', `The server was not given a collection ${name}.`)
      return edits.edit(refOf(space), collection, id, change)
    },
    fold: async (space) => folding.fold(space === undefined ? await store.spaces() : [refOf(space)]),
    entries: (space) => everyEntry(store, refOf(space)),
    accepted: async (space) => acceptedIn(store, refOf(space)),
    isReady: () => isReady,
    stats: () => ({
      connections: connections.size,
      rooms: rooms.size,
      commits: committer.commits,
      queued: committer.queued,
    }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const refOf = (name: SpaceName): SpaceRef =>
  typeof name === 'string'
    ? { tenant: tenantId(defaultTenant), space: spaceId(name) }
    : { tenant: tenantId(name.tenant), space: spaceId(name.space) }
