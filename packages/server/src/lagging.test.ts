import { seqOf } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { entry, push, subscribe } from './testing/peer.ts'
import { openScene } from './testing/scene.ts'

const many = (first: number, last: number): ReturnType<typeof entry>[] =>
  Array.from({ length: last - first + 1 }, (_, i) => entry(first + i, 'x'))

describe('a connection that does not read', () => {
  test('[SE75] a reader that does not read is left behind, pulls later, and is let go in the end', async () => {
    const scene = await openScene()
    const [ada, slow, stuck] = [await scene.peer('ada'), await scene.peer('bob'), await scene.peer('cy')]
    slow.send(subscribe())
    stuck.send(subscribe())
    await scene.world.settle()
    slow.buffered = stuck.buffered = 2 ** 21
    ada.send(push(...many(1, 3)))
    await scene.world.settle()
    ada.send(push(...many(4, 5)))
    await scene.world.pass(1000)
    expect([...slow.of('range'), ...stuck.of('range')]).toEqual([])
    slow.buffered = 0
    await scene.world.pass(100)
    expect(slow.entries().map(({ n }) => n)).toEqual([1, 2, 3, 4, 5])
    await scene.world.pass(30_000)
    expect([stuck.of('error'), slow.closed]).toMatchObject([[{ error: 'timeout' }], undefined])
  })

  test('[SE75] nor is it sent a range that only moves the cursor, until it has read', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    ada.send(subscribe())
    await scene.world.settle()
    ada.send(push(...many(1, 3)))
    await scene.world.settle()
    ada.buffered = 2 ** 21
    await scene.world.pass(1000)
    expect(ada.of('range')).toEqual([])
    ada.buffered = 0
    await scene.world.pass(1000)
    expect(ada.of('range').map(({ from, token }) => [from, seqOf(token)])).toEqual([[0, 4]])
  })
})
