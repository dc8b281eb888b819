import { RejoinError } from '@rejoin/base'
import { interestIn, seqOf } from '@rejoin/protocol'
import type { ServerFrame } from '@rejoin/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memory } from './log/memory.ts'
import { address, declareWriter, documentsFrom, entry, push, space, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { gate, openScene } from './testing/scene.ts'

const many = (first: number, last: number, text = 'x'): ReturnType<typeof entry>[] =>
  Array.from({ length: last - first + 1 }, (_, i) => entry(first + i, text))

const spans = (peer: Peer): readonly (readonly [from: number, to: number])[] =>
  peer.of('range').map(({ from, token }) => [from, seqOf(token)])

describe('streams', () => {
  test('[SE70] the ranges of a stream follow on each other without a hole and hold all of the interest, once', async () => {
    const size = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(size, fc.nat({ max: 2 })), { maxLength: 12 }),
        fc.nat({ max: 11 }),
        async (pushes, joinAt) => {
          const scene = await openScene({ limits: { pageRowsMax: 3 } })
          const [ada, all, some] = [await scene.peer('ada'), await scene.peer('bob'), await scene.peer('cy')]
          ada.send(documentsFrom(1, address('a'), address('b'), address('a', '', 'shared', 'marks')))
          const expected: string[] = []
          let n = 0
          for (const [i, [count, document]] of pushes.entries()) {
            if (i === joinAt) {
              all.send(subscribe())
              some.send(subscribe({ interest: interestIn(['marks'], ['notes/b']) }))
            }
            ada.send(
              push(...Array.from({ length: count }, () => entry(++n, `${document}`, { document: document + 1 }))),
            )
            for (let k = 0; k < count; k++) expected.push(`${document}`)
            if (i % 3 === 0) await scene.world.settle()
            if (i % 4 === 0) await scene.world.pass(300)
          }
          if (joinAt >= pushes.length) {
            all.send(subscribe())
            some.send(subscribe({ interest: interestIn(['marks'], ['notes/b']) }))
          }
          await scene.world.pass(1000)
          expect(all.entries().map(({ bytes }) => bytes)).toEqual(expected)
          expect(some.entries().map(({ bytes }) => bytes)).toEqual(expected.filter((text) => text !== '0'))
          for (const peer of [all, some]) {
            const chain = spans(peer)
            for (const [i, [from]] of chain.entries()) expect(from).toBe(chain[i - 1]?.[1] ?? 0)
            expect(chain.at(-1)?.[1] ?? 0).toBe(n === 0 ? 0 : n + 1)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('[SE71] what a connection pushed and saw acked is left out of its own ranges, which cover it all the same', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(subscribe())
    await scene.world.settle()
    ada.send(push(entry(1, 'mine')))
    bob.send(push(entry(1, 'theirs')))
    await scene.world.settle()
    ada.send(push(entry(2, 'mine')))
    await scene.world.pass(1000)
    expect(ada.entries().map(({ bytes }) => bytes)).toEqual(['theirs'])
    expect(spans(ada)).toEqual([
      [0, 4],
      [4, 5],
    ])
    const again = await scene.peer('ada', { writer: ada.writer })
    again.send(subscribe())
    await scene.world.settle()
    expect(
      again
        .entries()
        .map(({ bytes }) => bytes)
        .sort(),
    ).toEqual(['mine', 'mine', 'theirs'])
  })

  test('[SE72] ranges that only move the cursor wait, and many become one', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(subscribe())
    bob.send(subscribe({ interest: interestIn(['marks']) }))
    await scene.world.settle()
    for (let n = 1; n <= 20; n++) {
      ada.send(push(entry(n, 'x')))
      await scene.world.pass(5)
    }
    expect([...ada.of('range'), ...bob.of('range')]).toEqual([])
    await scene.world.pass(300)
    expect([spans(ada), spans(bob)]).toEqual([[[0, 21]], [[0, 21]]])
    expect(ada.of('acks')).toHaveLength(20)
  })

  test('[SE73] streams with one interest at one cursor are sent the very same bytes', async () => {
    const scene = await openScene()
    const peers = [await scene.peer('ada'), await scene.peer('bob'), await scene.peer('cy')]
    for (const [i, peer] of peers.entries()) peer.send(subscribe({ stream: i }))
    const writer = await scene.peer('dan')
    await scene.world.settle()
    writer.send(push(entry(1, 'x')))
    await scene.world.settle()
    expect(new Set(peers.map((peer) => peer.rawOf('range').at(-1))).size).toBe(1)
    expect(peers.map((peer) => peer.of('stream')[0]?.stream)).toEqual([0, 1, 2])
  })

  test('[SE74] a stream sends while its credit lasts, and goes on where it stopped', async () => {
    const scene = await openScene({ limits: { pageBytesMax: 500, wire: { creditBytes: 2000 } } })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(push(...many(1, 60, 'x'.repeat(100))))
    await scene.world.settle()
    bob.send(subscribe())
    await scene.world.pass(1000)
    const first = bob.entries().length
    expect(first).toBeGreaterThan(10)
    expect(first).toBeLessThan(30)
    ada.send(push(...many(61, 62, 'live')))
    await scene.world.pass(1000)
    expect(bob.entries()).toHaveLength(first)
    for (let i = 0; i < 5; i++) {
      bob.send({ kind: 'credit', stream: 0, bytes: 2000 })
      await scene.world.settle()
    }
    expect(bob.entries().map(({ n }) => n)).toEqual(Array.from({ length: 62 }, (_, i) => i + 1))
  })

  test('[SE78] focus brings all of one document, ahead of the rest of its stream', async () => {
    const scene = await openScene({ limits: { pageBytesMax: 100, wire: { creditBytes: 300 } } })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(
      documentsFrom(1, address('b')),
      push(...many(1, 40, 'x'.repeat(50)), entry(41, 'wanted', { document: 1 }), ...many(42, 44)),
    )
    await scene.world.settle()
    bob.send(subscribe(), documentsFrom(1, address('b'), address('c')))
    await scene.world.settle()
    expect(bob.entries().map(({ bytes }) => bytes)).not.toContain('wanted')
    for (const document of [1, 2]) bob.send({ kind: 'focus', stream: 0, document })
    await scene.world.settle()
    expect(bob.of('focused')).toEqual([])
    bob.send({ kind: 'credit', stream: 0, bytes: 300 })
    await scene.world.settle()
    expect(bob.entries().map(({ bytes }) => bytes)).not.toContain('wanted')
    const [focused] = bob.of('focused')
    expect([focused?.to, focused?.entries.map(({ bytes }) => new TextDecoder().decode(bytes))]).toEqual([
      45,
      ['wanted'],
    ])
    const declared = bob.of('documents').flatMap((frame) => frame.documents)
    expect(declared.find(({ slot }) => slot === focused?.document)?.address.entity).toBe('b')
    expect(bob.of('focused')).toHaveLength(1)
  })

  test('[SE79] presence is shown to the others who follow the document, and taken back when the connection ends', async () => {
    const scene = await openScene()
    const [ada, bob, cy] = [await scene.peer('ada'), await scene.peer('bob'), await scene.peer('cy')]
    ada.send(push(entry(1, 'x')), subscribe())
    bob.send(subscribe())
    cy.send(subscribe({ interest: interestIn(['marks']) }))
    await scene.world.settle()
    ada.send({ kind: 'presence', space: 0, document: 0, bytes: Uint8Array.of(1, 2) })
    ada.send({ kind: 'presence', space: 0, document: 0, bytes: new Uint8Array(5000) })
    await scene.world.settle()
    const session = ada.of('welcome')[0]?.session
    expect(bob.of('presence')).toMatchObject([{ session, user: 'ada', bytes: Uint8Array.of(1, 2) }])
    ada.disconnect()
    await scene.world.settle()
    expect(bob.of('presence').at(-1)).toMatchObject({ session, bytes: new Uint8Array(0) })
    expect([...ada.of('presence'), ...cy.of('presence')]).toEqual([])
  })

  test('[SE80] names are declared before the first frame that uses them, again after they may be forgotten', async () => {
    const scene = await openScene({
      limits: {
        wire: {
          documentSlotsMax: 4,
          writerSlotsMax: 4,
          entriesPerFrameMax: 2,
          documentsPerFrameMax: 2,
          groupEntriesMax: 2,
        },
      },
    })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    bob.send(subscribe())
    const entities = ['a', 'b', 'c', 'd']
    for (const [i, name] of [...entities, ...entities].entries()) {
      ada.send({
        kind: 'documents',
        documents: [{ slot: i + 1, address: address(name), generation: { number: 0, id: '' } }],
      })
      ada.send(push(entry(i + 1, name, { document: i + 1 })))
      await scene.world.settle()
    }
    const uses = order(bob)
    expect(uses.filter(({ use }) => use !== undefined)).toHaveLength(8)
    for (const { use, known } of uses) if (use !== undefined) expect(known).toContain(use)
  })

  test('[SE81] several spaces run on one connection, each with its own numbers', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(space('t', 1), declareWriter(ada.writer, { slot: 1, space: 1 }))
    ada.send(push(entry(1, 's1')), { kind: 'push', writer: 1, entries: [entry(1, 't1'), entry(2, 't2')] })
    bob.send(space('t', 1), subscribe(), subscribe({ stream: 1, space: 1 }))
    await scene.world.settle()
    expect(ada.of('acks')).toMatchObject([
      { writer: 0, intervals: [1, 1] },
      { writer: 1, intervals: [1, 2] },
    ])
    expect(
      bob
        .entries()
        .map(({ bytes }) => bytes)
        .sort(),
    ).toEqual(['s1', 't1', 't2'])
    expect(
      bob
        .of('range')
        .map(({ token }) => seqOf(token))
        .sort((a, b) => a - b),
    ).toEqual([2, 3])
  })

  test('[SE82] an interest opened again, or twice, is a stream of its own', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    bob.send(subscribe(), subscribe({ stream: 1 }))
    ada.send(push(entry(1, 'x')))
    await scene.world.pass(1000)
    bob.send({ kind: 'unsubscribe', stream: 0 }, subscribe({ stream: 2 }))
    await scene.world.settle()
    ada.send(push(entry(2, 'y')))
    await scene.world.pass(1000)
    const streams = new Map(bob.of('stream').map(({ slot, stream }) => [slot, stream]))
    const seen = bob
      .of('range')
      .flatMap(({ stream, entries }) => entries.map((one) => [streams.get(stream), 'n' in one ? one.n : 0]))
    expect(seen.map(String).toSorted()).toEqual(['0,1', '1,1', '1,2', '2,1', '2,2'])
  })

  test('[SE83] a read of the log that fails ends the stream, not the connection', async () => {
    const inner = memory()
    let broken = false
    const store = gate({
      open: async (random) => {
        const opened = await inner.open(random)
        const page = opened.log.page.bind(opened.log)
        opened.log.page = (ref, query) =>
          broken ? Promise.reject(new RejoinError('storage-corrupt')) : page(ref, query)
        return opened
      },
    })
    const scene = await openScene({ store })
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    ada.send(push(entry(1, 'x')))
    await scene.world.settle()
    broken = true
    bob.send(subscribe())
    await scene.world.settle()
    expect([bob.of('unsubscribed'), bob.closed]).toMatchObject([[{ stream: 0, error: 'storage-corrupt' }], undefined])
    broken = false
    bob.send(subscribe())
    await scene.world.settle()
    expect(bob.entries()).toHaveLength(1)
  })
})

/** For each frame: the document slot it uses, and the slots that were declared within the last half table before it. */
function order(peer: Peer): readonly { readonly use: number | undefined; readonly known: readonly number[] }[] {
  const declared: number[] = []
  return peer.received.map((frame: ServerFrame) => {
    if (frame.kind === 'documents') declared.push(...frame.documents.map(({ slot }) => slot))
    const use = frame.kind === 'range' ? frame.entries[0]?.document : undefined
    return { use, known: declared.slice(-2) }
  })
}
