import { createServer, hs256, listen, sqlite } from '@rejoin/server'
import type { AuthenticateFactory } from '@rejoin/server'
import { Failure } from '../failure.ts'
import { writableFolder } from '../platform/folder.ts'
import { stopSignal } from '../platform/signals.ts'
import type { Terminal } from '../platform/terminal.ts'
import type { ExitStatus } from '../exit-status.ts'
import { letEveryoneIn } from './dev-identity.ts'
import { keyOf } from './key.ts'
import { createLogLines } from './log-lines.ts'

export interface ServeOptions {
  readonly port: number
  /** Every address if left out; with `dev` the loopback one, and nothing else. */
  readonly host: string | undefined
  readonly data: string
  readonly dev: boolean
  readonly json: boolean
  /** The key of the tokens, from the environment. */
  readonly secret: string | undefined
}

/** Runs the server until a signal, then drains it. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitStatus> {
  const authenticate = identityOf(options)
  const host = hostOf(options)
  const folder = writableFolder(options.data)
  const log = createLogLines(terminal.err, { json: options.json, least: 'info' })
  const server = await createServer({ store: sqlite(folder), authenticate, ports: { log } })
  const stopped = stopSignal()
  const listener = await listen(server, { port: options.port, host }).catch(async (cause) => {
    await server.close()
    throw cause
  })
  const note = 'no key: everyone on this machine may do everything; other machines cannot connect'
  log(options.dev ? 'warn' : 'info', 'listening', {
    url: listener.url,
    data: folder,
    dev: options.dev,
    ...(options.dev && { note }),
  })
  const signal = await stopped
  log('info', 'stopping', { signal, ...server.stats() })
  // The server first: it answers what has arrived, and says goodbye over sockets that are still open.
  await server.close()
  await listener.close()
  log('info', 'stopped')
  return signal === 'SIGINT' ? 130 : 0
}

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost']

function hostOf({ dev, host }: ServeOptions): string {
  if (dev && host !== undefined && !loopback.includes(host))
    throw new Failure(`With --dev everyone may do everything, so the host is one of ${loopback.join(', ')}.`)
  return host ?? (dev ? '127.0.0.1' : '0.0.0.0')
}

function identityOf({ dev, secret }: ServeOptions): AuthenticateFactory {
  if (dev) return letEveryoneIn
  return hs256(keyOf(secret, '; for development on this machine alone, use --dev'))
}
