import { describe, expect, test } from 'vitest'
import { Lru } from './lru.ts'
import { address, documentsFrom, entry, push, subscribe } from './testing/peer.ts'
import { closeScene, gate, openScene, theSpace } from './testing/scene.ts'

describe('life of a server', () => {
  test('[SE130] closing commits and answers what has arrived, says goodbye, and takes nothing more', async () => {
    const store = gate()
    const scene = await openScene({ store })
    const ada = await scene.peer('ada')
    store.shut()
    ada.send(push(entry(1, 'a')))
    await scene.world.settle()
    ada.send(push(entry(2, 'b')))
    const closing = closeScene(scene)
    expect(scene.server.isReady()).toBe(false)
    store.reopen()
    await closing
    expect(ada.received.slice(1).map(({ kind }) => kind)).toEqual(['acks', 'acks', 'error'])
    expect(ada.closed).toMatchObject({ code: 4503 })
    const late = await scene.peer('bob')
    expect(late.closed).toMatchObject({ code: 4503 })
    await scene.server.close()
  })

  test('[SE131] rooms that nobody follows, and connections that are gone, leave nothing behind', async () => {
    const scene = await openScene()
    for (let i = 0; i < 5; i++) {
      const ada = await scene.peer('ada')
      ada.send(subscribe(), push(entry(1, 'a')), { kind: 'ask', writer: 0, intervals: [1, 2] })
      await scene.world.pass(1000)
      ada.disconnect()
    }
    await scene.world.pass(10_000)
    expect(scene.server.stats()).toMatchObject({ connections: 0, rooms: 0, queued: 0 })
  })

  test('[SE132] caches hold the records used last, and the server is right with caches of one', async () => {
    const lru = new Lru<number, string>(2)
    for (const key of [1, 2, 3]) lru.set(key, `${key}`)
    lru.get(2)
    lru.set(4, '4')
    expect([lru.size, [1, 2, 3, 4].map((key) => lru.get(key))]).toEqual([2, [undefined, '2', undefined, '4']])
    const scene = await openScene({ limits: { documentsCachedMax: 1, writersCachedMax: 1 } })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    bob.send(subscribe())
    ada.send(documentsFrom(1, address('a'), address('b')))
    for (let n = 1; n <= 6; n++) {
      ada.send(push(entry(n, `${n}`, { document: (n % 2) + 1 })))
      await scene.world.settle()
    }
    expect(bob.entries().map(({ n, document }) => [n, document.split('/')[1]])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => [n, n % 2 ? 'b' : 'a']),
    )
    const cy = await scene.peer('cy')
    cy.send(subscribe())
    await scene.world.settle()
    expect(cy.entries()).toEqual(bob.entries())
    expect([...(await scene.server.accepted(theSpace)).values()]).toEqual([[1, 6]])
  })

  test('[SE133] limits that do not fit together stop the start', async () => {
    await expect(openScene({ limits: { wire: { frameBytesMax: 10 } } })).rejects.toMatchObject({ kind: 'bad-config' })
  })
})
