import { invariant, RejoinError } from '@rejoin/base'
import { createServer } from 'node:http'
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { RawData, WebSocket } from 'ws'
import type { RejoinServer } from '../server.ts'

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port?: number
  /** The loopback address if left out: the network is reached on purpose only. */
  readonly host?: string
  /** Where the socket is, besides `/`; `/sync` if left out. */
  readonly path?: string
  /** Origins of web pages that may connect, `https://app.example`. Programs send none and are always let in. */
  readonly origins?: readonly string[]
}

export interface Listener extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Takes no new connections, closes the open ones, and resolves when the port is free. */
  close(): Promise<void>
}

/** Serves the sync socket, `/healthz` and `/readyz`. Throws `bad-config` if the port cannot be had. */
export async function listen(server: RejoinServer, options: ListenOptions = {}): Promise<Listener> {
  const { port = 0, host = '127.0.0.1', path = '/sync', origins = [] } = options
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // The codec says `too-large` in our own words first; this is the wall behind it.
    maxPayload: server.limits.wire.frameBytesMax + 16,
    maxFragments: 64,
    maxBufferedChunks: 1024,
    clientTracking: true,
  })
  const http = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) =>
    answer(server, path, request, response),
  )
  http.headersTimeout = 10_000
  http.requestTimeout = 30_000
  http.on('upgrade', (request, socket, head) => upgrade({ sockets, server, path, origins }, request, socket, head))
  await bound(http, port, host)
  const address = http.address()
  invariant(address !== null && typeof address === 'object', 'a listening server has an address')
  const close = (): Promise<void> => closeAll(http, sockets)
  return {
    port: address.port,
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${address.port}${path}`,
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Upgrading {
  readonly sockets: WebSocketServer
  readonly server: RejoinServer
  readonly path: string
  readonly origins: readonly string[]
}

function answer(server: RejoinServer, path: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = targetOf(request)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return reply(response, 405, 'method not allowed', { allow: 'GET, HEAD' })
  if (pathname === '/healthz') return reply(response, 200, 'ok')
  if (pathname === '/readyz') return server.isReady() ? reply(response, 200, 'ready') : reply(response, 503, 'closing')
  if (isSocketPath(pathname, path))
    return reply(response, 426, 'this is a WebSocket', { upgrade: 'websocket', connection: 'Upgrade' })
  reply(response, 404, 'not found')
}

/** The two parts of a request's target as they were sent: nothing here can fail, whatever a stranger sends. */
function targetOf({ url = '/' }: IncomingMessage): { readonly pathname: string; readonly query: string } {
  const at = url.indexOf('?')
  return at < 0 ? { pathname: url, query: '' } : { pathname: url.slice(0, at), query: url.slice(at + 1) }
}

/** A bare `ws://host:port` finds the socket too. */
const isSocketPath = (pathname: string, path: string): boolean => pathname === path || pathname === '/'

function reply(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(`${text}\n`)
}

function upgrade(
  { sockets, server, path, origins }: Upgrading,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy())
  const { pathname, query } = targetOf(request)
  const { origin } = request.headers
  if (!isSocketPath(pathname, path)) return refuse(socket, '404 Not Found')
  // A token in a URL ends up in logs and histories; it is not even looked at.
  if (query !== '') return refuse(socket, '400 Bad Request')
  if (origin !== undefined && !origins.includes(origin)) return refuse(socket, '403 Forbidden')
  if (!server.isReady()) return refuse(socket, '503 Service Unavailable')
  sockets.handleUpgrade(request, socket, head, (webSocket) => connect(server, webSocket))
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function connect(server: RejoinServer, socket: WebSocket): void {
  const session = server.accept({
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    buffered: () => socket.bufferedAmount,
  })
  socket.on('message', (data, isBinary) => session.receive(isBinary ? bytesOf(data) : noBytes))
  socket.on('close', () => session.closed())
  // `close` follows; without a listener an error would end the process.
  socket.on('error', () => undefined)
}

/** No frame is empty: the session answers a text message as it answers any other bad frame. */
const noBytes = new Uint8Array(0)

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

function bound(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause) => reject(new RejoinError('bad-config', sentenceOf(cause, port, host), { cause })))
    http.listen(port, host, () => {
      http.removeAllListeners('error')
      // A later one concerns a single connection (no more file handles, say); the others go on.
      http.on('error', () => undefined)
      resolve()
    })
  })
}

function sentenceOf(cause: Error, port: number, host: string): string {
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is in use; choose another one or stop the other program.`
  if (code === 'EACCES')
    return `Port ${port} of ${host} needs more rights than this program has; choose one above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is not an address of this machine.`
  return `Port ${port} of ${host} cannot be listened on (${code}).`
}

function closeAll(http: HttpServer, sockets: WebSocketServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeIdleConnections()
    for (const socket of sockets.clients) {
      // Whoever was not told by the server is told here.
      socket.close(1001)
      setTimeout(() => socket.terminate(), closeGraceMs).unref()
    }
  })
}

/** How long a socket may take to say goodbye. */
const closeGraceMs = 1000
