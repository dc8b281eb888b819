import { newDeviceId, toHex } from '@rejoin/base'
import { cursorsHash, emptyToken, encodeClientFrame, everything, interestIn, protocolVersion } from '@rejoin/protocol'
import type { ClientFrame, Token } from '@rejoin/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memory } from './log/memory.ts'
import { address, connectPeer, declareWriter, documents, entry, hello, push, space, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { closeScene, openScene, theSpace } from './testing/scene.ts'
import type { Scene } from './testing/scene.ts'

const bare = (scene: Scene): Peer => connectPeer(scene.server, scene.world)

describe('hello', () => {
  test('[SE60] the first frame is a hello, in time, once, and in the version of the server', async () => {
    const scene = await openScene()
    const [early, late, twice, old] = [bare(scene), bare(scene), bare(scene), bare(scene)]
    early.send({ kind: 'ping' })
    expect(early.closed).toMatchObject({ code: 4400 })
    const token = scene.token('ada')
    twice.send(hello(twice, token))
    await scene.world.settle()
    expect(twice.of('welcome')).toMatchObject([{ protocol: protocolVersion, clockMs: scene.world.now, level: false }])
    twice.send(hello(twice, token))
    expect(twice.closed).toMatchObject({ code: 4400 })
    old.send({
      kind: 'hello',
      protocol: protocolVersion + 1,
      device: old.device,
      accessToken: token,
      cursors: new Uint8Array(0),
    })
    expect([old.closed?.code, old.of('error')]).toMatchObject([4406, [{ error: 'protocol-version' }]])
    await scene.world.pass(4_999)
    expect(late.closed).toBeUndefined()
    await scene.world.pass(2)
    expect(late.of('error')).toMatchObject([{ error: 'timeout' }])
  })

  test('[SE61] what comes right behind the hello is taken in order after the welcome', async () => {
    const scene = await openScene()
    const peer = bare(scene)
    const frames = [space('s'), declareWriter(peer.writer), documents(address('n1')), push(entry(1, 'x')), subscribe()]
    peer.send(hello(peer, scene.token('ada')), ...frames)
    expect(peer.received).toEqual([])
    await scene.world.settle()
    expect(peer.received.map(({ kind }) => kind)).toEqual(['welcome', 'subscribed', 'acks'])
  })

  test('[SE62] a token that is not accepted ends the connection, and nothing behind it is done', async () => {
    const scene = await openScene()
    const peer = bare(scene)
    peer.send(
      hello(peer, 'no token'),
      space('s'),
      declareWriter(peer.writer),
      documents(address('n1')),
      push(entry(1, 'x')),
    )
    await scene.world.settle()
    expect([peer.closed?.code, peer.of('error'), peer.of('acks')]).toMatchObject([
      4401,
      [{ error: 'unauthenticated' }],
      [],
    ])
    expect((await scene.server.accepted(theSpace)).size).toBe(0)
  })

  test('[SE63] a device has one connection: a newer one ends the older one for now', async () => {
    const scene = await openScene()
    const device = newDeviceId(scene.world.ports.random)
    const [first, other, second] = [
      await scene.peer('ada', { device }),
      await scene.peer('ada'),
      await scene.peer('ada', { device }),
    ]
    expect([first.closed?.code, other.closed, second.closed]).toEqual([4500, undefined, undefined])
    expect(first.of('error')).toMatchObject([{ error: 'unavailable', afterMs: 0 }])
    const bob = await scene.peer('bob', { device })
    expect([second.closed, bob.closed]).toEqual([undefined, undefined])
  })
})

describe('frames', () => {
  test('[SE64] a bad frame gets one error, the code of its kind, and nothing after it is read', async () => {
    const scene = await openScene()
    const ping = encodeClientFrame({ kind: 'ping' })
    const cases: readonly (readonly [Uint8Array, number])[] = [
      [new Uint8Array(0), 4400],
      [ping.slice(0, 2), 4400],
      [ping.map((byte, i) => (i === ping.length - 1 ? byte ^ 1 : byte)), 4511],
      [new Uint8Array(1024 * 1024 + 1), 4413],
    ]
    for (const [bytes, code] of cases) {
      const peer = await scene.peer('ada')
      peer.forget()
      peer.sendBytes(bytes)
      peer.send(subscribe())
      await scene.world.settle()
      expect([peer.closed?.code, peer.received.map(({ kind }) => kind)]).toEqual([code, ['error']])
    }
  })

  test('[SE65] a frame of an unknown type is dropped and said so; the connection goes on', async () => {
    const scene = await openScene()
    const peer = await scene.peer('ada')
    peer.send({ kind: 'unsupported', type: 77 }, { kind: 'ping' })
    expect(peer.of('pong')).toMatchObject([{ clockMs: scene.world.now }])
    expect(peer.closed).toBeUndefined()
  })

  test('[SE66] frames that break the protocol end the connection with a reason', async () => {
    const two = entry(2, 'x', { group: 2, groupSize: 2 })
    const cases: Record<string, readonly ClientFrame[]> = {
      'an undeclared space': [subscribe({ space: 9 })],
      'an undeclared writer': [{ kind: 'push', writer: 9, entries: [entry(1, 'x')] }],
      'an undeclared document': [push(entry(1, 'x', { document: 9 }))],
      'a slot with another meaning': [space('other')],
      'a stream twice': [subscribe(), subscribe()],
      'numbers that do not ascend': [push(entry(2, 'x'), entry(1, 'x'))],
      'a group without its beginning': [push(entry(3, 'x', { group: 2, groupSize: 2 }))],
      'a stranger inside a group': [push(two, entry(3, 'x'))],
      'another size inside a group': [push(two, entry(3, 'x', { group: 2, groupSize: 3 }))],
    }
    for (const [what, frames] of Object.entries(cases)) {
      const scene = await openScene()
      const peer = await scene.peer('ada')
      peer.send(...frames)
      await scene.world.settle()
      expect([what, peer.closed?.code, peer.of('error').length]).toEqual([what, 4400, 1])
      expect((await scene.server.accepted(theSpace)).size).toBe(0)
    }
  })

  test('[SE67] whatever bytes come, the connection ends cleanly or goes on, and others are served', async () => {
    const scene = await openScene()
    const witness = await scene.peer('bob')
    const samples = [push(entry(1, 'x')), subscribe(), space('t', 1), documents(address('n1', 'body'))].map(
      encodeClientFrame,
    )
    const mutated = fc
      .tuple(fc.constantFrom(...samples), fc.nat(), fc.nat({ max: 255 }))
      .map(([bytes, at, value]) => bytes.with(at % bytes.length, value))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), { maxLength: 5 }),
        async (frames) => {
          const peer = await scene.peer('ada')
          for (const frame of frames) peer.sendBytes(frame)
          await scene.world.settle()
          expect(peer.of('error').length).toBe(peer.closed === undefined ? 0 : 1)
          peer.disconnect()
        },
      ),
      { numRuns: 50 },
    )
    witness.send({ kind: 'ping' })
    expect(witness.of('pong')).toHaveLength(1)
  })

  test('[SE68] too many frames a second, or too much unanswered, ends the connection with a delay', async () => {
    const scene = await openScene({
      limits: { wire: { framesPerSecondMax: 5, unansweredBytesMax: 100, entryBytesMax: 1000, frameBytesMax: 2100 } },
    })
    const [fast, greedy] = [await scene.peer('ada'), await scene.peer('bob')]
    for (let i = 0; i < 47; i++) fast.send({ kind: 'ping' })
    expect(fast.of('error')).toMatchObject([{ error: 'rate-limited', afterMs: 1000 }])
    for (let n = 1; n <= 3; n++) greedy.send(push(entry(n, 'x'.repeat(900))))
    expect(greedy.of('error')).toMatchObject([{ error: 'rate-limited' }])
    const other = await openScene({ limits: { unansweredEntriesMax: 5 } })
    const [steady, many] = [await other.peer('ada'), await other.peer('bob')]
    for (let n = 1; n <= 12; n += 4) {
      steady.send(push(...[0, 1, 2, 3].map((i) => entry(n + i, 'x'))))
      await other.world.settle()
    }
    many.send(push(...[1, 2, 3, 4, 5, 6].map((n) => entry(n, 'x'))))
    expect([steady.closed, many.of('error')]).toMatchObject([
      undefined,
      [{ error: 'rate-limited', message: 'unansweredEntriesMax is 5.', afterMs: 1000 }],
    ])
  })

  test('[SE69] a connection that says nothing for too long is ended', async () => {
    const scene = await openScene()
    const [quiet, alive] = [await scene.peer('ada'), await scene.peer('bob')]
    await scene.world.pass(40_000)
    alive.send({ kind: 'ping' })
    await scene.world.pass(20_001)
    expect([quiet.of('error'), alive.closed]).toMatchObject([[{ error: 'timeout' }], undefined])
  })
})

describe('idle', () => {
  const headOf = (peer: Peer): Token =>
    peer.of('range').at(-1)?.token ?? peer.of('subscribed').at(-1)?.head ?? emptyToken

  test('[SE76] a device whose cursors are all at the heads says one hash, and its streams are live again', async () => {
    const scene = await openScene()
    const device = newDeviceId(scene.world.ports.random)
    const bob = await scene.peer('bob')
    bob.send(push(entry(1, 'x')), space('t', 1))
    const ada = await scene.peer('ada', { device })
    ada.send(space('t', 1), subscribe(), subscribe({ stream: 1, space: 1, interest: interestIn(['notes']) }))
    await scene.world.pass(2000)
    const cursors = [
      { space: 't', interest: interestIn(['notes']), token: ada.of('subscribed')[1]?.head ?? emptyToken },
      { space: 's', interest: everything, token: headOf(ada) },
    ].map((cursor) => ({ ...cursor, space: spaceOf(cursor.space) }))
    ada.disconnect()
    const again = await scene.peer('ada', { device, cursors: cursorsHash(cursors) })
    await scene.world.pass(1000)
    expect(again.received.map(({ kind }) => kind)).toEqual(['welcome'])
    expect(again.of('welcome')).toMatchObject([{ level: true }])
    bob.send(push(entry(2, 'y')))
    await scene.world.pass(1000)
    expect(again.entries()).toMatchObject([{ n: 2, bytes: 'y' }])
    expect(again.of('stream')).toMatchObject([{ stream: 0 }])
    again.disconnect()
    const behind = await scene.peer('ada', { device, cursors: cursorsHash(cursors) })
    expect(behind.of('welcome')).toMatchObject([{ level: false }])
    behind.send(subscribe({ after: headOf(ada) }))
    await scene.world.settle()
    expect(behind.entries()).toMatchObject([{ n: 2 }])
  })

  test('[SE77] what was remembered of a device outlives the server, and is forgotten when it does not fit', async () => {
    const store = memory()
    const first = await openScene({ store })
    const device = newDeviceId(first.world.ports.random)
    const ada = await first.peer('ada', { device })
    ada.send(push(entry(1, 'x')), subscribe())
    await first.world.pass(2000)
    const hash = cursorsHash([{ space: spaceOf('s'), interest: everything, token: headOf(ada) }])
    await closeScene(first)
    const second = await openScene({ store, world: first.world })
    const level = async (cursors: Uint8Array): Promise<boolean | undefined> => {
      const peer = await second.peer('ada', { device, cursors })
      peer.disconnect()
      return peer.of('welcome')[0]?.level
    }
    expect(toHex(hash)).toHaveLength(32)
    expect([await level(hash), await level(hash), await level(hash.toReversed()), await level(hash)]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

function spaceOf(name: string): Extract<ClientFrame, { kind: 'space' }>['space'] {
  const frame = space(name)
  if (frame.kind !== 'space') throw new Error('a space frame')
  return frame.space
}
