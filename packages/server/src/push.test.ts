import { documentKey, newWriterId } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import type { Rule } from './admit.ts'
import { memory } from './log/memory.ts'
import { address, declareWriter, documents, documentsFrom, entry, push, space, subscribe } from './testing/peer.ts'
import { closeScene, gate, openScene, theSpace } from './testing/scene.ts'
import { createWorld } from './testing/world.ts'

describe('push', () => {
  test('[SE40] what arrives in one turn, and what arrives while a commit runs, is one commit each', async () => {
    const store = gate()
    const scene = await openScene({ store })
    const peers = [await scene.peer('ada'), await scene.peer('bob'), await scene.peer('cy')]
    store.shut()
    for (const peer of peers) peer.send(push(entry(1, 'a')))
    await scene.world.settle()
    expect(store.commits).toBe(1)
    for (const peer of peers)
      peer.send(space('t', 1), declareWriter(peer.writer, { slot: 1, space: 1 }), push(entry(2, 'b')), {
        kind: 'push',
        writer: 1,
        entries: [entry(1, 'c')],
      })
    await scene.world.settle()
    expect(peers.flatMap((peer) => peer.of('acks'))).toEqual([])
    store.reopen()
    await scene.world.settle()
    expect(store.commits).toBe(2)
    for (const peer of peers)
      expect(peer.of('acks').map(({ writer, intervals }) => [writer, intervals])).toEqual([
        [0, [1, 1]],
        [0, [2, 2]],
        [1, [1, 1]],
      ])
  })

  test('[SE40] a commit takes so many entries, a group whole; the rest goes into the next ones', async () => {
    const store = gate()
    const scene = await openScene({ store, limits: { commitEntriesMax: 10 } })
    const ada = await scene.peer('ada')
    const group = Array.from({ length: 12 }, (_, i) => entry(10 + i, 'g', { group: 10, groupSize: 12 }))
    ada.send(push(...Array.from({ length: 9 }, (_, i) => entry(i + 1, 'x')), ...group, entry(22, 'y')))
    await scene.world.settle()
    expect(ada.of('acks').map(({ intervals }) => intervals)).toEqual([
      [1, 21],
      [22, 22],
    ])
    expect(store.commits).toBe(2)
  })

  test('[SE41] the commit is done before the answer goes out, and the answers before the broadcast', async () => {
    const store = gate()
    const scene = await openScene({ store })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(subscribe())
    bob.send(subscribe())
    await scene.world.settle()
    store.shut()
    ada.send(push(entry(1, 'a')))
    bob.send(push(entry(1, 'b')))
    await scene.world.pass(1000)
    expect([...ada.of('acks'), ...ada.of('range'), ...bob.of('range')]).toEqual([])
    store.reopen()
    await scene.world.settle()
    for (const peer of [ada, bob]) {
      const kinds = peer.received.map(({ kind }) => kind).filter((kind) => kind === 'acks' || kind === 'range')
      expect(kinds).toEqual(['acks', 'range'])
    }
  })

  test('[SE42] a commit that fails is answered with retry, changes nothing, and the same bytes succeed later', async () => {
    const store = gate()
    const scene = await openScene({ store })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    bob.send(subscribe())
    ada.send(push(entry(1, 'a')))
    await scene.world.settle()
    for (const kind of ['storage-full', 'storage-unavailable'] as const) {
      store.fail(kind)
      ada.send(push(entry(2, 'b'), entry(3, 'c')))
      await scene.world.settle()
    }
    expect(ada.of('retry')).toMatchObject([
      { writer: 0, intervals: [2, 3], error: 'storage-full', afterMs: 1000 },
      { writer: 0, intervals: [2, 3], error: 'unavailable', afterMs: 1000 },
    ])
    expect([...(await scene.server.accepted(theSpace)).values()]).toEqual([[1, 1]])
    ada.send(push(entry(2, 'b'), entry(3, 'c')))
    await scene.world.pass(1000)
    expect(ada.of('acks').map(({ intervals }) => intervals)).toEqual([
      [1, 1],
      [2, 3],
    ])
    expect(bob.entries().map(({ bytes }) => bytes)).toEqual(['a', 'b', 'c'])
    expect(bob.of('range').map(({ from }) => from)).toEqual([0, 2])
  })

  test('[SE44] answers survive the server: an accepted id is acked again, a refused one gets the same reason', async () => {
    const store = memory()
    const first = await openScene({
      store,
      rules: ({ id }) => (id.n === 2 ? { kind: 'rule', message: 'not two' } : undefined),
    })
    const ada = await first.peer('ada')
    ada.send(push(entry(1, 'a'), entry(2, 'b')))
    await first.world.settle()
    await closeScene(first)
    const second = await openScene({ store, world: first.world })
    const again = await second.peer('ada', { device: ada.device, writer: ada.writer })
    again.send(push(entry(1, 'a'), entry(2, 'b')))
    await second.world.settle()
    expect(again.of('acks')).toMatchObject([{ intervals: [1, 1] }])
    expect(again.of('reject')).toMatchObject([{ intervals: [2, 2], error: 'rule', message: 'not two' }])
    const log = []
    for await (const { n } of second.server.entries(theSpace)) log.push(n)
    expect(log).toEqual([1])
  })

  test('[SE45] a group may come in pieces, also around other frames, and is decided when it is whole', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    const member = (n: number): ReturnType<typeof entry> => entry(n, 'x', { group: 1, groupSize: 3 })
    ada.send(push(member(1), member(2)), { kind: 'ping' })
    await scene.world.settle()
    expect(ada.of('acks')).toEqual([])
    ada.send(push(member(3), entry(4, 'y')))
    await scene.world.settle()
    expect(ada.of('acks')).toMatchObject([{ intervals: [1, 4] }])
  })

  test('[SE46] CRDT client ids belong to the writer that used them first in the space', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(declareWriter(ada.writer, { clientIds: [7] }), push(entry(1, 'a')))
    await scene.world.settle()
    bob.send(declareWriter(bob.writer, { clientIds: [7] }), push(entry(1, 'b')))
    bob.send(
      space('t', 1),
      declareWriter(newWriterId(scene.world.ports.random), { slot: 1, space: 1, clientIds: [7] }),
      { kind: 'push', writer: 1, entries: [entry(1, 'c')] },
    )
    ada.send(declareWriter(ada.writer, { clientIds: [7, 8] }), push(entry(2, 'd')))
    await scene.world.settle()
    expect([bob.of('reject'), bob.of('acks'), ada.of('acks')]).toMatchObject([
      [{ error: 'client-id-taken' }],
      [{ writer: 1 }],
      [{ intervals: [1, 1] }, { intervals: [2, 2] }],
    ])
  })

  test('[SE47] a rule that throws decides nothing of its own entry and group; all others of the commit go on', async () => {
    let broken = true
    const events: unknown[] = []
    const rules: Rule = ({ id }, { user }) => {
      if (broken && user === 'ada' && id.n === 2) throw new Error('broken rule')
      return undefined
    }
    const world = createWorld(1, (level, event, fields) => events.push([level, event, fields?.message]))
    const store = gate()
    const scene = await openScene({ store, rules, world })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    const pair = [2, 3].map((n) => entry(n, 'b', { group: 2, groupSize: 2 }))
    ada.send(push(entry(1, 'a'), ...pair, entry(4, 'd')))
    bob.send(push(entry(1, 'a')))
    await scene.world.settle()
    expect(store.commits).toBe(1)
    expect(ada.of('retry')).toMatchObject([{ intervals: [2, 3], error: 'unavailable', afterMs: 1000 }])
    expect([ada.of('acks'), bob.of('acks')]).toMatchObject([[{ intervals: [1, 1, 4, 4] }], [{ intervals: [1, 1] }]])
    expect(events).toContainEqual(['error', 'rule-failed', 'broken rule'])
    broken = false
    ada.send(push(...pair))
    await scene.world.settle()
    expect(ada.of('acks').at(-1)).toMatchObject({ intervals: [2, 3] })
  })

  test.each([
    ['a promise', () => Promise.reject(new Error('later'))],
    ['an unknown kind', () => ({ kind: 'whatever', message: 'no' })],
    ['no message', () => ({ kind: 'rule' })],
    ['a word', () => 'no'],
  ])('[SE47] a rule that answers %s decides nothing either, and the space goes on', async (_, answer) => {
    const rules = ((entry, { user }) => (user === 'ada' ? answer() : undefined)) as Rule
    const scene = await openScene({ rules })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(push(entry(1, 'a')))
    bob.send(push(entry(1, 'b')))
    await scene.world.settle()
    expect(ada.of('retry')).toMatchObject([{ intervals: [1, 1], error: 'unavailable' }])
    expect(bob.of('acks')).toMatchObject([{ intervals: [1, 1] }])
  })

  test('[SE39] a writer that leaves too many holes in its numbers ends its own connection with a sentence', async () => {
    const scene = await openScene({ limits: { writerRunsMax: 8 } })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(push(...Array.from({ length: 100 }, (_, i) => entry(2 * i + 2, 'x'))))
    bob.send(push(entry(1, 'x')))
    await scene.world.settle()
    const message = 'The numbers of a writer have more holes than writerRunsMax (8) allows.'
    expect(ada.of('error')).toMatchObject([{ error: 'rate-limited', message, afterMs: 1000 }])
    expect(bob.of('acks')).toHaveLength(1)
    expect((await scene.server.accepted(theSpace)).get(ada.writer)).toHaveLength(16)
  })

  test('[SE48] one bad entry among ten is refused, the others are accepted', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    ada.send(documents(address('n1'), address('n1', '', 'server')))
    ada.send(push(...Array.from({ length: 10 }, (_, i) => entry(i + 1, 'x', { document: i === 4 ? 1 : 0 }))))
    await scene.world.settle()
    expect([ada.of('acks'), ada.of('reject')]).toMatchObject([
      [{ intervals: [1, 4, 6, 10] }],
      [{ intervals: [5, 5], error: 'read-only-part' }],
    ])
  })

  test('[SE38] what was written to an entity whose making was refused is never stored, and nobody sees half of it', async () => {
    const store = memory()
    const rules: Rule = ({ document }) =>
      documentKey(document) === 'notes/n2/shared/' ? { kind: 'rule', message: 'not this one' } : undefined
    const scene = await openScene({ store, rules })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    bob.send(subscribe())
    const [root, body] = [{ document: 1 }, { document: 2 }]
    ada.send(documentsFrom(1, address('n2'), address('n2', 'body'), address('n3', 'body'), address('n3')))
    ada.send(push(entry(1, 'title', root), entry(2, 'body', body)))
    await scene.world.settle()
    ada.send(push(entry(3, 'late', body)))
    ada.send(push(entry(4, 'text', { document: 3, group: 4, groupSize: 2 })))
    ada.send(push(entry(5, 'title', { document: 4, group: 4, groupSize: 2 })))
    await scene.world.pass(1000)
    expect(ada.of('reject')).toMatchObject([{ intervals: [1, 1], error: 'rule' }])
    expect(ada.of('retry')).toMatchObject([
      { intervals: [2, 2], error: 'gap' },
      { intervals: [3, 3], error: 'gap' },
    ])
    expect(ada.of('acks')).toMatchObject([{ intervals: [4, 5] }])
    expect(bob.entries().map(({ document }) => document)).toEqual(['notes/n3/shared/body', 'notes/n3/shared/'])
    await closeScene(scene)
    const second = await openScene({ store, world: scene.world })
    const cy = await second.peer('cy')
    cy.send(documentsFrom(1, address('n2', 'body'), address('n3', 'body')))
    cy.send(push(entry(1, 'x', { document: 1 }), entry(2, 'y', { document: 2 })))
    await second.world.settle()
    expect([cy.of('retry'), cy.of('acks')]).toMatchObject([
      [{ intervals: [1, 1], error: 'gap' }],
      [{ intervals: [2, 2] }],
    ])
  })
})
