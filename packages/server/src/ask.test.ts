import { eachNumber } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import type { Rule } from './admit.ts'
import type { StoreFactory } from './log/factory.ts'
import { memory } from './log/memory.ts'
import { entry, push } from './testing/peer.ts'
import { gate, openScene } from './testing/scene.ts'

describe('ask', () => {
  test('[SE43] a question takes its turn behind the pushes before it and names every number once', async () => {
    const store = gate()
    const scene = await openScene({
      store,
      rules: ({ id }) => (id.n === 2 ? { kind: 'rule', message: 'not two' } : undefined),
    })
    const ada = await scene.peer('ada')
    store.shut()
    ada.send(push(entry(1, 'a')))
    await scene.world.settle()
    ada.send(push(entry(2, 'b'), entry(3, 'c')), { kind: 'ask', writer: 0, intervals: [1, 5, 9, 9] })
    await scene.world.settle()
    store.fail('storage-unavailable')
    store.reopen()
    await scene.world.settle()
    expect([ada.of('acks'), ada.of('retry'), ada.of('unknown')]).toMatchObject([
      [{ intervals: [1, 1] }],
      [{ intervals: [2, 3] }],
      [],
    ])
    ada.send(push(entry(2, 'b'), entry(3, 'c')))
    ada.forget()
    await scene.world.pass(2000)
    expect([ada.of('acks'), ada.of('reject'), ada.of('unknown')]).toMatchObject([
      [{ intervals: [3, 3] }, { intervals: [1, 1, 3, 3] }],
      [
        { intervals: [2, 2], error: 'rule', message: 'not two' },
        { intervals: [2, 2], error: 'rule', message: 'not two' },
      ],
      [{ intervals: [4, 5, 9, 9] }],
    ])
  })

  test('[SE49] a question over all numbers costs their runs; what was refused is answered in turns, each number once', async () => {
    const inner = memory()
    const read: number[] = []
    const store: StoreFactory = {
      open: async (random) => {
        const opened = await inner.open(random)
        const refusals = opened.log.refusals.bind(opened.log)
        opened.log.refusals = (ref, writer, numbers) => (read.push(numbers.length), refusals(ref, writer, numbers))
        return opened
      },
    }
    const rules: Rule = ({ id }) => (id.n > 1 ? { kind: 'rule', message: `no ${id.n % 7}` } : undefined)
    const scene = await openScene({ store, rules })
    const ada = await scene.peer('ada')
    for (let n = 1; n <= 2500; n += 500) ada.send(push(...Array.from({ length: 500 }, (_, i) => entry(n + i, 'x'))))
    await scene.world.settle()
    ada.forget()
    read.length = 0
    ada.send({ kind: 'ask', writer: 0, intervals: [1, Number.MAX_SAFE_INTEGER] })
    await scene.world.settle()
    expect(read).toEqual([1024, 1024, 451])
    expect([ada.of('acks'), ada.of('unknown')]).toMatchObject([
      [{ intervals: [1, 1] }],
      [{ intervals: [2501, Number.MAX_SAFE_INTEGER] }],
    ])
    const answered = ada
      .of('reject')
      .flatMap(({ intervals, message }) => [...eachNumber(intervals)].map((n) => [n, message] as const))
    expect(answered.toSorted(([a], [b]) => a - b)).toEqual(
      Array.from({ length: 2499 }, (_, i) => [i + 2, `no ${(i + 2) % 7}`]),
    )
  })
})
