import { createConnection } from 'node:net'
import { toHex } from '@rejoin/base'
import { decodeServerFrame, encodeClientFrame } from '@rejoin/protocol'
import type { ClientFrame, ServerFrame } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { memory } from '../log/memory.ts'
import { createServer } from '../server.ts'
import type { RejoinServer } from '../server.ts'
import { address, declareWriter, documents, entry, hello, push, space, subscribe } from '../testing/peer.ts'
import { plainToken, plainTokens } from '../testing/plain-tokens.ts'
import { writerOf } from '../testing/samples.ts'
import { listen } from './listen.ts'
import type { Listener } from './listen.ts'

async function serving(use: (server: RejoinServer, listener: Listener) => Promise<void>): Promise<void> {
  await using server = await createServer({ store: memory(), authenticate: plainTokens })
  await using listener = await listen(server, { origins: ['https://app.example'] })
  await use(server, listener)
  await server.close()
}

const token = plainToken({ user: 'ada', tenant: 'acme', spaces: { '*': 'editor' }, expiresMs: Date.UTC(2100, 0, 1) })

/** A socket that hands out its frames one by one. */
async function connect(url: string): Promise<{
  send(...frames: ClientFrame[]): void
  next(kind: ServerFrame['kind']): Promise<ServerFrame>
  closed: Promise<number>
  socket: WebSocket
}> {
  const socket = new WebSocket(url)
  const frames: ServerFrame[] = []
  let wake = (): void => undefined
  socket.on('message', (data: Buffer) => {
    const frame = decodeServerFrame(data)
    if (frame.ok) frames.push(frame.value)
    wake()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  return {
    socket,
    closed,
    send: (...all) => {
      for (const frame of all) socket.send(encodeClientFrame(frame))
    },
    next: async (kind) => {
      for (;;) {
        const at = frames.findIndex((frame) => frame.kind === kind)
        const [found] = at === -1 ? [] : frames.splice(at, 1)
        if (found !== undefined) return found
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

const device = (n: number): { readonly device: ReturnType<typeof writerOf> & Parameters<typeof hello>[0]['device'] } =>
  ({ device: writerOf(n) }) as never

/** The status with which an upgrade is answered. */
const upgradeStatus = (url: string, origin?: string): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, origin === undefined ? {} : { origin })
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('error', () => undefined)
  })

describe('listen', () => {
  test('[SE140] two sockets on loopback: what one pushes is acked, and the other is sent it', () =>
    serving(async (_, { url }) => {
      const [ada, bob] = [await connect(url), await connect(url)]
      bob.send(hello(device(2), token), space('s'), subscribe())
      await bob.next('subscribed')
      ada.send(
        hello(device(1), token),
        space('s'),
        declareWriter(writerOf(1)),
        documents(address('n1')),
        push(entry(1, 'over the wire')),
      )
      expect(await ada.next('acks')).toMatchObject({ intervals: [1, 1] })
      const range = await bob.next('range')
      expect(range.kind === 'range' && range.entries.map(({ bytes }) => toHex(bytes))).toEqual([
        toHex(new TextEncoder().encode('over the wire')),
      ])
      for (const peer of [ada, bob]) peer.socket.terminate()
    }))

  test('[SE141] text, oversized and fragmented messages end the connection, not the server', () =>
    serving(async (_, { url }) => {
      const text = await connect(url)
      text.socket.send('hello')
      expect(await text.closed).toBe(4400)
      const large = await connect(url)
      large.socket.send(new Uint8Array(2 ** 20 + 1000))
      expect([1009, 4413]).toContain(await large.closed)
      const crumbs = await connect(url)
      for (let i = 0; i < 100; i++) crumbs.socket.send(Uint8Array.of(1), { fin: false })
      expect(await crumbs.closed).toBe(1008)
      const good = await connect(url)
      good.send(hello(device(1), token))
      expect(await good.next('welcome')).toMatchObject({ level: false })
      good.socket.terminate()
    }))

  test('[SE142] health and readiness are told, and what is no WebSocket is refused in words', () =>
    serving(async (server, { port }) => {
      const get = async (path: string, init: RequestInit = {}): Promise<readonly [number, string]> => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
        return [response.status, await response.text()]
      }
      expect([await get('/healthz'), await get('/readyz')]).toEqual([
        [200, 'ok\n'],
        [200, 'ready\n'],
      ])
      expect([(await get('/sync'))[0], (await get('/x'))[0], (await get('/healthz', { method: 'POST' }))[0]]).toEqual([
        426, 404, 405,
      ])
      await server.close()
      expect([(await get('/healthz'))[0], (await get('/readyz'))[0]]).toEqual([200, 503])
    }))

  test('[SE143] pages of other origins, tokens in the URL, and other paths are refused before the upgrade', () =>
    serving(async (_, { url }) => {
      expect(await upgradeStatus(url)).toBe(101)
      expect(await upgradeStatus(url, 'https://app.example')).toBe(101)
      for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example'])
        expect(await upgradeStatus(url, origin)).toBe(403)
      expect(await upgradeStatus(`${url}?token=x`)).toBe(400)
      expect(await upgradeStatus(`${url}/x`)).toBe(404)
    }))

  test('[SE146] a request for anything at all is answered, and the server lives', () =>
    serving(async (_, { port }) => {
      for (const target of ['//', '/\\\\', 'http://[', '/%', '*', `/${'x'.repeat(4000)}`])
        for (const headers of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'])
          expect(await statusOf(port, `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`), target).toMatch(
            /^HTTP\/1.1 4\d\d/,
          )
      expect(await upgradeStatus(`ws://127.0.0.1:${port}/`)).toBe(101)
    }))

  test('[SE144] a port that cannot be had is one sentence, and closing frees it', () =>
    serving(async (server, { port }) => {
      await expect(listen(server, { port })).rejects.toMatchObject({
        kind: 'bad-config',
        message: expect.stringContaining(`Port ${port} of 127.0.0.1 is in use`),
      })
      const other = await listen(server)
      await other.close()
      const again = await listen(server, { port: other.port })
      await again.close()
    }))
})

/** The first line of the answer to a request sent as it stands. */
function statusOf(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(request))
    socket.setEncoding('utf8')
    socket.once('data', (text) => {
      resolve(String(text).split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without an answer')))
  })
}
