import { join } from 'node:path'
import type { EngineName } from '../engines.ts'
import { startChild } from '../platform/child.ts'
import type { Child } from '../platform/child.ts'
import { atExit } from '../platform/cleanup.ts'
import type {
  AuthorCalls,
  AuthorReport,
  AckedReport,
  FollowerCalls,
  FollowerReport,
  JoinerCalls,
  RawCalls,
  ReplicaStart,
  ServerCalls,
} from './roles.ts'

export interface CastOptions {
  readonly engine: EngineName
  readonly folder: string
  readonly keep: boolean
  readonly debug: boolean
  /** Makes the token of a user. */
  token(user: string): Promise<string>
  readonly secret: string
  /** A process ended that nobody had killed. */
  died(message: string): void
}

/** The processes of a session. Each can be started again; each keeps its folder, so that it finds its store. */
export interface Cast {
  /** Starts on a free port the first time, on the same one after a kill. */
  server(): Promise<Child<ServerCalls>>
  author(report: (report: AuthorReport) => void): Child<AuthorCalls>
  follower(report: (report: FollowerReport) => void): Child<FollowerCalls>
  joiner(report: (report: AckedReport) => void): Child<JoinerCalls>
  /** Bare documents of the engine on the same trace. */
  raw(): Child<RawCalls>
  /** How a child of that name opens its replica. */
  replica(name: 'author' | 'follower' | 'joiner'): Promise<ReplicaStart>
  killAll(): Promise<void>
}

export function createCast(options: CastOptions): Cast {
  const { folder, keep, debug, died, secret } = options
  const children = new Set<{ kill(): Promise<void> }>()
  let port = 0
  let url = ''
  const killAll = async (): Promise<void> => void (await Promise.all([...children].map((child) => child.kill())))
  atExit(() => void killAll())

  const start = <C extends Record<string, (argument: never) => unknown>, R>(
    entry: 'author' | 'follower' | 'joiner' | 'raw' | 'server',
    report: (report: R) => void,
  ): Child<C> => {
    const child = startChild<C, R>({ name: `the ${entry}`, entry, debug, report, died, ...flagsOf[entry] })
    children.add(child)
    return child
  }

  return {
    server: async () => {
      const server = start<ServerCalls, never>('server', () => undefined)
      const started = await server.call('start', { folder: join(folder, 'server'), keep, port, secret })
      port = started.port
      url = started.url
      return server
    },
    author: (report) => start('author', report),
    follower: (report) => start('follower', report),
    joiner: (report) => start('joiner', report),
    raw: () => start('raw', () => undefined),
    replica: async (name) => ({
      engine: options.engine,
      folder: join(folder, name),
      keep,
      server: url,
      token: await options.token(name),
    }),
    killAll,
  }
}

/** The server's memory is measured without its garbage. */
const flagsOf: Readonly<Record<string, { readonly flags: readonly string[] }>> = { server: { flags: ['--expose-gc'] } }
