import { ClientIds, createEntity } from '@rejoin/documents'
import type { DocumentUpdate } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { collection, register } from '@rejoin/schema'
import { inlineFolder } from '../fold/folder.ts'
import type { Role } from '../identity/principal.ts'
import type { OpenedStore, StoreFactory } from '../log/factory.ts'
import { memory } from '../log/memory.ts'
import type { LogStore } from '../log/store.ts'
import { createServer } from '../server.ts'
import type { Collections, RejoinServer, ServerOptions } from '../server.ts'
import { address, connectPeer, declareWriter, documents, documentsFrom, entry, hello, push, space } from './peer.ts'
import type { Peer, PeerOptions } from './peer.ts'
import { plainToken, plainTokens } from './plain-tokens.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

export const hourMs = 3_600_000

/** A server in a world of its own, and people who connect to it. */
export interface Scene<C extends Collections = Collections> {
  readonly world: World
  readonly server: RejoinServer<C>
  token(user: string, roles?: Readonly<Record<string, Role>>, lifeMs?: number, tenant?: string): string
  /** A connection that has said hello and named the space `s` as slot 0, a writer and the document `n1`. */
  peer(
    user: string,
    options?: PeerOptions & { readonly roles?: Readonly<Record<string, Role>>; readonly cursors?: Uint8Array },
  ): Promise<Peer>
  /** Makes these notes in the space `s`, as the user `maker`, with one entry each. */
  make(...notes: readonly string[]): Promise<void>
}

export async function openScene<C extends Collections = Collections>(
  options: Partial<ServerOptions<C>> & { readonly world?: World } = {},
): Promise<Scene<C>> {
  const { world = createWorld(), ...rest } = options
  const server = await createServer<C>({
    store: memory(),
    authenticate: plainTokens,
    ports: world.ports,
    folder: inlineFolder([yjs]),
    ...rest,
  })
  const token: Scene['token'] = (user, roles = { '*': 'editor' }, lifeMs = hourMs, tenant = 'acme') =>
    plainToken({ user, tenant, spaces: roles, expiresMs: world.now + lifeMs })
  const connect: Scene['peer'] = async (user, { roles, cursors, ...peerOptions } = {}) => {
    const peer = connectPeer(server, world, peerOptions)
    peer.send(
      hello(peer, token(user, roles), cursors),
      space('s'),
      declareWriter(peer.writer),
      documents(address('n1')),
    )
    await world.settle()
    return peer
  }
  return {
    world,
    server,
    token,
    peer: connect,
    make: async (...notes) => {
      const maker = await connect('maker')
      const made = notes.map((note, i) => {
        const { encoding, bytes } = making(note, maker.writer)
        return { ...entry(i + 1, ''), document: i + 1, encoding, bytes }
      })
      maker.send(documentsFrom(1, ...notes.map((note) => address(note))), push(...made))
      await world.settle()
      if (maker.of('acks').length !== 1) throw new Error('the notes were not made')
      maker.disconnect()
    },
  }
}

/** What a replica writes to make a note. */
function making(note: string, writer: Peer['writer']): DocumentUpdate['update'] {
  const entity = createEntity({
    collection: anyNotes,
    id: address(note).entity,
    engine: yjs,
    writer,
    clientIds: new ClientIds(writer),
    key: () => note,
    nextStamp: () => 1,
  })
  const [made] = entity.create({}).updates
  if (made === undefined) throw new Error('a note is made by an update')
  return made.update
}

const anyNotes = collection('notes', { title: register() })

/** Closes the server of a scene, whose world does not move by itself. */
export async function closeScene({ server, world }: Pick<Scene, 'server' | 'world'>): Promise<void> {
  const closing = server.close()
  await world.settle()
  await closing
}

/** The space that peers name first. */
export const theSpace = { tenant: 'acme', space: 's' } as const

/** A store whose commits can be held up or made to fail. */
export interface Gate extends StoreFactory {
  /** Commits wait until it is opened again. */
  shut(): void
  reopen(): void
  /** The next commit to begin fails, or the one after so many more. */
  fail(kind: 'storage-full' | 'storage-unavailable', after?: number): void
  readonly commits: number
}

export function gate(inner: StoreFactory = memory()): Gate {
  let release: (() => void) | undefined
  let shut: Promise<void> | undefined
  const failures = new Map<number, 'storage-full' | 'storage-unavailable'>()
  let commits = 0
  const wrap = (log: LogStore): LogStore => {
    const commit: LogStore['commit'] = async (batch) => {
      const kind = failures.get(++commits)
      await shut
      return kind === undefined ? log.commit(batch) : { ok: false, error: { kind, message: 'as planned' } }
    }
    return new Proxy(log, {
      get: (target, name) => {
        if (name === 'commit') return commit
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  return {
    open: async (random, log): Promise<OpenedStore> => {
      const opened = await inner.open(random, log)
      return { ...opened, log: wrap(opened.log) }
    },
    shut: () => {
      shut = new Promise((resolve) => (release = resolve))
    },
    reopen: () => {
      release?.()
      shut = undefined
    },
    fail: (kind, after = 0) => void failures.set(commits + 1 + after, kind),
    get commits() {
      return commits
    },
  }
}
