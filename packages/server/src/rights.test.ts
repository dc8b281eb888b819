import { encodeClientFrame } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { heldTokens } from './testing/held-tokens.ts'
import { address, connectPeer, declareWriter, documents, entry, hello, push, space, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { plainTokens } from './testing/plain-tokens.ts'
import { hourMs, openScene } from './testing/scene.ts'
import type { Scene } from './testing/scene.ts'
import { createWorld } from './testing/world.ts'

const bare = (scene: Scene): Peer => connectPeer(scene.server, scene.world)

describe('tokens', () => {
  test('[SE61] little may come before the token is accepted, and more after it', async () => {
    const tokens = heldTokens()
    const scene = await openScene({ authenticate: tokens.factory })
    const [modest, greedy, known] = [bare(scene), bare(scene), bare(scene)]
    for (const peer of [modest, greedy, known]) peer.send(hello(peer, scene.token('ada')), space('s'))
    const frame = encodeClientFrame(documents(address('n1')))
    for (let bytes = 0; bytes < 16 * 1024 - 200; bytes += frame.length) modest.sendBytes(frame)
    greedy.sendBytes(encodeClientFrame(push(entry(1, 'x'.repeat(16 * 1024)))))
    expect([modest.closed, greedy.of('error')]).toMatchObject([
      undefined,
      [{ error: 'rate-limited', message: 'Too much was sent behind the hello.' }],
    ])
    known.send(declareWriter(known.writer), documents(address('n1')))
    tokens.release()
    await scene.world.settle()
    known.send(push(entry(1, 'x'.repeat(100_000))))
    await scene.world.settle()
    expect(known.of('acks')).toHaveLength(1)
  })

  test('[SE62] a question about a token that throws or rejects ends its own connection with unavailable', async () => {
    const broken = {
      throws: (): never => {
        throw new TypeError('secret token')
      },
      rejects: () => Promise.reject(new TypeError('secret token')),
    }
    for (const [how, fails] of Object.entries(broken)) {
      const events: unknown[] = []
      const world = createWorld(1, (...event) => events.push(event))
      const scene = await openScene({
        world,
        authenticate: (clock) => (token) => (token === 'broken' ? fails() : plainTokens(clock)(token)),
      })
      const [early, late, other] = [bare(scene), await scene.peer('ada'), await scene.peer('bob')]
      early.send(hello(early, 'broken'))
      late.send({ kind: 'auth', accessToken: 'broken' })
      await world.settle()
      for (const peer of [early, late])
        expect([how, peer.closed?.code, peer.of('error')]).toMatchObject([
          how,
          4500,
          [{ error: 'unavailable', message: 'The token could not be checked.', afterMs: 1000 }],
        ])
      expect(other.closed).toBeUndefined()
      expect(JSON.stringify(events)).toContain('authenticate-failed')
      expect(JSON.stringify(events)).not.toContain('secret')
    }
  })
})

describe('rights', () => {
  test('[SE100] a connection ends with its token, unless it brought a fresh one for the same user', async () => {
    const scene = await openScene({ limits: { wire: { silenceMs: 10 * hourMs } } })
    const [stays, ends, other] = [await scene.peer('ada'), await scene.peer('ada'), await scene.peer('ada')]
    stays.send({ kind: 'auth', accessToken: scene.token('ada', { '*': 'editor' }, 3 * hourMs) })
    other.send({ kind: 'auth', accessToken: scene.token('bob') })
    await scene.world.pass(hourMs + 1000)
    expect([stays.closed, ends.of('error'), other.of('error')]).toMatchObject([
      undefined,
      [{ error: 'token-expired' }],
      [{ error: 'unauthenticated' }],
    ])
  })

  test('[SE101] a stream of a space that the user is not in is refused like one that is not there', async () => {
    const scene = await openScene()
    const peer = await scene.peer('ada', { roles: { t: 'viewer' } })
    peer.send(subscribe(), space('t', 1), subscribe({ stream: 1, space: 1 }))
    await scene.world.settle()
    expect(peer.of('unsubscribed')).toMatchObject([{ stream: 0, error: 'not-found' }])
    expect(peer.of('subscribed')).toMatchObject([{ stream: 1 }])
  })

  test('[SE102] a right that a fresh token does not give any more ends streams and refuses what comes after', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada', { roles: { s: 'editor' } }), await scene.peer('bob')]
    ada.send(subscribe(), push(entry(1, 'x')))
    await scene.world.settle()
    ada.send({ kind: 'auth', accessToken: scene.token('ada', { t: 'editor' }) })
    await scene.world.settle()
    ada.send(push(entry(2, 'y')))
    bob.send(push(entry(1, 'secret')))
    await scene.world.pass(1000)
    expect(ada.of('unsubscribed')).toMatchObject([{ stream: 0, error: 'not-found' }])
    expect(ada.of('reject')).toMatchObject([{ intervals: [2, 2], error: 'forbidden' }])
    expect(ada.entries()).toEqual([])
  })

  test('[SE102] tokens are checked one at a time, and only what is said of the latest counts', async () => {
    const tokens = heldTokens()
    tokens.release()
    const scene = await openScene({ authenticate: tokens.factory })
    const ada = await scene.peer('ada')
    ada.send(subscribe(), push(entry(1, 'x')))
    await scene.world.settle()
    const asked = tokens.asked.length
    tokens.hold()
    for (const accessToken of ['no token', 'nor this', scene.token('ada', { t: 'editor' })])
      ada.send({ kind: 'auth', accessToken })
    await scene.world.settle()
    expect(tokens.asked.length - asked).toBe(1)
    tokens.release()
    await scene.world.settle()
    expect(tokens.asked.slice(asked)).toEqual(['no token', scene.token('ada', { t: 'editor' })])
    expect([ada.closed, ada.of('unsubscribed')]).toMatchObject([undefined, [{ stream: 0, error: 'not-found' }]])
    ada.send({ kind: 'auth', accessToken: scene.token('ada') })
    await scene.world.settle()
    ada.send(push(entry(2, 'y')))
    await scene.world.settle()
    expect(ada.of('acks').at(-1)).toMatchObject({ intervals: [2, 2] })
  })

  test('[SE103] tenants do not see each other, whatever a space is called', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    ada.send(push(entry(1, 'canary')))
    await scene.world.settle()
    const token = scene.token('ada', { '*': 'owner' }, hourMs, 'other')
    const stranger = bare(scene)
    stranger.send(hello(stranger, token), space('s'), subscribe())
    await scene.world.pass(1000)
    expect([stranger.of('subscribed').length, stranger.entries()]).toEqual([1, []])
  })

  test('[SE103] nor do they while both are in spaces of one name', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    const stranger = bare(scene)
    ada.send(subscribe())
    await scene.world.settle()
    stranger.send(hello(stranger, scene.token('eve', { '*': 'owner' }, hourMs, 'other')), space('s'), subscribe())
    await scene.world.settle()
    stranger.send(declareWriter(stranger.writer), documents(address('n2')), push(entry(1, 'not for ada')))
    ada.send(push(entry(1, 'not for eve')))
    await scene.world.pass(1000)
    expect([ada.of('acks').length, stranger.of('acks').length]).toEqual([1, 1])
    expect([ada.entries(), stranger.entries()]).toEqual([[], []])
    const inOther = []
    for await (const { writer } of scene.server.entries({ tenant: 'other', space: 's' })) inOther.push(writer)
    expect(inOther).toEqual([stranger.writer])
  })
})
