import { interestIn } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { address, entry, push, space, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { closeScene, openScene } from './testing/scene.ts'

test('[SE22] an entry of a generation that never was is refused without one, and the server goes on', async () => {
  const scene = await openScene()
  await scene.make('n1')
  const mallory = await scene.peer('mallory')
  const generation = { number: 7, id: 'f'.repeat(32) }
  mallory.send(
    { kind: 'documents', documents: [{ slot: 5, address: address('n1'), generation }] },
    push(entry(1, 'x', { document: 5 }), entry(2, 'y')),
  )
  await scene.world.settle()
  expect(mallory.of('reject')).toMatchObject([{ error: 'generation', intervals: [1, 1], generation: undefined }])
  expect(mallory.of('acks')).toMatchObject([{ intervals: [2, 2] }])
  await closeScene(scene)
})

const bytesOf = (peer: Peer): number =>
  kinds.reduce((sum, kind) => sum + peer.rawOf(kind).reduce((all, hex) => all + hex.length / 2, 0), 0)
const kinds = ['range', 'focused', 'reject', 'acks', 'pong'] as const

/** From now on nothing that it is sent leaves. */
function deaf(peer: Peer): void {
  const before = bytesOf(peer)
  Object.defineProperty(peer, 'buffered', { get: () => bytesOf(peer) - before })
}

describe('a connection that asks and does not read', () => {
  const bufferedBytesMax = 20_000
  const limits = { bufferedBytesMax }

  test('[SE75] is ended when the answers alone are more than it may leave unread', async () => {
    const scene = await openScene({ limits })
    const mallory = await scene.peer('mallory', { roles: { s: 'viewer' } })
    mallory.send(push(...Array.from({ length: 50 }, (_, i) => entry(i + 1, 'x'))))
    // Fifty refusals with sentences of their own.
    const behind = Array.from({ length: 50 }, (_, i) => entry(51 + i, 'x', { after: { writer: 0, n: i + 1 } }))
    mallory.send(push(...behind))
    await scene.world.settle()
    deaf(mallory)
    for (let i = 0; i < 40; i++) {
      mallory.send({ kind: 'ask', writer: 0, intervals: [1, 100] })
      await scene.world.settle()
    }
    expect(mallory.closed).toMatchObject({ reason: 'rate-limited' })
    expect(mallory.buffered).toBeLessThan(3 * bufferedBytesMax)
    await closeScene(scene)
  })

  test('[SE75] is ended in time, also when it has no stream', async () => {
    const scene = await openScene({ limits })
    const mallory = await scene.peer('mallory')
    mallory.buffered = bufferedBytesMax + 1
    mallory.send({ kind: 'ping' })
    await scene.world.pass(29_000)
    expect(mallory.closed).toBe(undefined)
    await scene.world.pass(2_000)
    expect(mallory.closed).toMatchObject({ reason: 'timeout' })
    await closeScene(scene)
  })

  test('[SE75] is sent one page too many at most, however many streams it has', async () => {
    const scene = await openScene({ limits })
    const ada = await scene.peer('ada')
    await scene.make('n1')
    ada.send(push(...Array.from({ length: 10 }, (_, i) => entry(i + 1, 'x'.repeat(1000)))))
    await scene.world.settle()
    const mallory = await scene.peer('mallory')
    deaf(mallory)
    for (let stream = 0; stream < 50; stream++) mallory.send(subscribe({ stream }))
    await scene.world.settle()
    expect(mallory.of('range').length).toBeGreaterThan(0)
    expect(mallory.buffered).toBeLessThan(2 * bufferedBytesMax)
    await closeScene(scene)
  })

  test('[SE75] [SE78] focus brings one document at a time, and no more than that beyond credit and line', async () => {
    const scene = await openScene({ limits })
    await scene.make('n1')
    const ada = await scene.peer('ada')
    ada.send(push(...Array.from({ length: 10 }, (_, i) => entry(i + 1, 'x'.repeat(1000)))))
    await scene.world.settle()
    const mallory = await scene.peer('mallory')
    mallory.send(subscribe({ interest: interestIn([], ['notes/n1']) }))
    await scene.world.settle()
    mallory.forget()
    for (let i = 0; i < 50; i++) mallory.send({ kind: 'focus', stream: 0, document: 0 })
    await scene.world.settle()
    const served = mallory.of('focused').length
    expect(served).toBeGreaterThan(0)
    expect(served).toBeLessThan(3)
    deaf(mallory)
    for (let stream = 1; stream < 30; stream++) {
      mallory.send(subscribe({ stream, interest: interestIn([], ['notes/n1', `notes/x${stream}`]) }))
      mallory.send({ kind: 'focus', stream, document: 0 })
    }
    await scene.world.settle()
    expect(mallory.buffered).toBeLessThan(3 * bufferedBytesMax)
    await closeScene(scene)
  })
})

test('[SE84] one stream too many of a space is refused, and the others go on', async () => {
  const scene = await openScene({ limits: { streamsPerSpaceMax: 2, interestNamesOpenMax: 4 } })
  const mallory = await scene.peer('mallory')
  mallory.send(space('t', 1))
  const only = (stream: number, at: number, ...names: readonly string[]): void =>
    mallory.send(subscribe({ stream, space: at, interest: interestIn([], names) }))
  only(0, 0, 'notes/a')
  only(1, 0, 'notes/b')
  only(2, 0, 'notes/c')
  only(3, 1, 'notes/a', 'notes/b', 'notes/c')
  await scene.world.settle()
  expect(mallory.of('subscribed').map(({ stream }) => stream)).toEqual([0, 1])
  const refused = mallory.of('unsubscribed').map(({ stream, error }) => [stream, error])
  expect(refused).toEqual([
    [2, 'rate-limited'],
    [3, 'rate-limited'],
  ])
  mallory.send({ kind: 'unsubscribe', stream: 0 })
  only(2, 0, 'notes/c')
  only(3, 1, 'notes/a', 'notes/b')
  await scene.world.settle()
  expect(mallory.of('subscribed').map(({ stream }) => stream)).toEqual([0, 1, 2, 3])
  expect(mallory.closed).toBe(undefined)
  await closeScene(scene)
})
