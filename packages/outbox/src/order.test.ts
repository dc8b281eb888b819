import { lanes } from '@rejoin/base'
import type { Lane } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import { ann, ben, Bench, doc, row, rowsOf, space } from './rows.test.helper.ts'

describe('lanes', () => {
  test('[OB12] a document travels in its most urgent lane, up to the last row of it', () => {
    const of = (number: number, lane: Lane) => row(number, 'a', { lane })
    const rows = [
      of(1, 'low'),
      of(2, 'critical'),
      of(3, 'normal'),
      of(4, 'critical'),
      of(5, 'low'),
      row(6, 'b', { lane: 'high' }),
    ]
    const bench = new Bench().start(rows).link()
    expect(rowsOf(bench.seal())).toEqual([[1], [2], [3], [4], [6]])
    expect(rowsOf(bench.ack(1, 2, 3, 4).plan())).toEqual([[5]])
  })

  test('[OB12] an urgent row that comes late moves its document ahead', () => {
    const bench = new Bench({ sealEntriesMax: 1 })
      .start([row(1, 'x'), row(2, 'b', { lane: 'high' }), row(3, 'a', { lane: 'low' })])
      .link()
    const plan = bench.plan()
    bench.wait(row(4, 'a', { lane: 'critical' }))
    bench.seal(plan)
    expect(bench.sealAll().map(rowsOf)).toEqual([[[3]], [[1]]])
    expect(rowsOf(bench.ack(2).plan())).toEqual([[4]])
  })

  test('[OB14] the most urgent goes first', () => {
    const rows = lanes.toReversed().map((lane, i) => row(i + 1, lane, { lane }))
    const bench = new Bench().start(rows).link()
    expect(bench.plan().entries.map(({ lane }) => lane)).toEqual(lanes)
  })

  test('[OB14] no lane starves, however much urgent work there is', () => {
    const patience = { critical: 0, high: 4, normal: 8, low: 16, background: 32 }
    const less = lanes.slice(1)
    const bench = new Bench({ sealEntriesMax: 1, patience }).start([row(1, 'z', { lane: 'critical' })]).link()
    let plan = bench.plan()
    let number = 1
    bench.wait(...less.map((lane) => row(++number, lane, { lane })))
    const seen: Lane[] = []
    for (let pass = 0; pass < 50; pass++) {
      bench.wait(row(++number, `u${number}`, { lane: 'critical' }), row(++number, `u${number}`, { lane: 'critical' }))
      bench.seal(plan)
      plan = bench.plan()
      const lane = plan.entries[0]?.lane ?? 'critical'
      if (lane === 'critical') continue
      seen.push(lane)
      expect(pass).toBeLessThanOrEqual(patience[lane] + less.length)
    }
    expect(seen).toEqual(less)
  })

  test('[OB14] a parcel that fits only alone gets its turn under a stream of urgent ones', () => {
    const bench = new Bench({ inFlightBytesMax: 100 }).start([row(1, 'u1', { lane: 'critical' })]).link()
    const sizes = { kind: 'sealed', plan: bench.plan(), sizes: [10] } as const
    bench.step(sizes)
    bench.wait(row(2, 'large', { lane: 'background', bytes: 1000 }))
    let turns = 0
    for (
      let last = 1;
      turns < 100 && bench.of('seal').every(({ plan }) => plan.entries[0]?.lane === 'critical');
      turns++
    ) {
      const number = 3 + turns
      bench.wait(row(number, `u${number}`, { lane: 'critical' }))
      const [next] = bench.of('seal')
      if (next !== undefined) bench.step({ kind: 'sealed', plan: next.plan, sizes: [10] })
      const seal = bench.of('seal')
      bench.ack(last++)
      if (bench.of('seal').length === 0) bench.effects = seal
    }
    expect(turns).toBeLessThan(40)
  })

  test('[OB14] documents of one lane take turns', () => {
    const bench = new Bench({ entryRowsMax: 1, roundEntriesMax: 1, sealEntriesMax: 1 })
    bench.start(Array.from({ length: 9 }, (_, i) => row(i + 1, `d${i % 3}`))).link()
    const order: string[] = []
    for (let plan = bench.plan(); order.length < 9; plan = bench.of('seal')[0]?.plan ?? plan) {
      order.push(...plan.entries.map(({ document }) => document))
      bench.seal(plan)
      const [next] = bench.of('seal')
      bench.ack(...plan.entries.map(({ id }) => id.n))
      if (next !== undefined) bench.effects = [next]
    }
    expect(order.slice(0, 6)).toEqual(['d0', 'd1', 'd2', 'd0', 'd1', 'd2'].map(doc))
  })

  test('[OB17] a lane that is not allowed waits, unless something allowed must follow it', () => {
    const bench = new Bench().start().link()
    bench.step({ kind: 'allow', lanes: lanes.slice(0, 4) })
    bench.wait(
      row(1, 'a', { lane: 'background' }),
      row(2, 'b', { lane: 'background' }),
      row(3, 'b'),
      row(4, 'b', { lane: 'background' }),
    )
    expect(rowsOf(bench.plan())).toEqual([[2], [3]])
    bench.seal()
    bench.step({ kind: 'allow', lanes })
    expect(rowsOf(bench.plan())).toEqual([[1]])
    bench.seal()
    expect(rowsOf(bench.ack(1, 2).plan())).toEqual([[4]])
  })
})

describe('lanes that are not allowed', () => {
  test('[OB17] do not stop the others of their document', () => {
    const bench = new Bench().start([row(1, 'a'), row(2, 'a', { lane: 'critical' })])
    bench.step({ kind: 'allow', lanes: ['normal'] })
    expect(rowsOf(bench.link().plan())).toEqual([[1]])
  })
})

describe('needs', () => {
  test('[OB13] what a row needs travels first, with all that comes before it', () => {
    const bench = new Bench().start([
      row(1, 'x', { lane: 'background' }),
      row(2, 'a', { lane: 'low' }),
      row(3, 'a', { lane: 'low' }),
    ])
    bench.wait(row(4, 'b', { lane: 'critical', needs: [doc('a'), doc('b'), doc('nowhere')] })).link()
    expect(rowsOf(bench.plan())).toEqual([[2, 3], [4], [1]])
  })

  test('[OB13] rows that came after it are not needed', () => {
    const bench = new Bench()
      .start([row(1, 'b', { lane: 'critical', needs: [doc('a')] }), row(2, 'a', { lane: 'low' })])
      .link()
    expect(rowsOf(bench.plan())).toEqual([[1], [2]])
  })

  test('[OB13] documents that need each other in turn end in no circle', () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      row(i + 1, i % 2 === 0 ? 'a' : 'b', { needs: [doc(i % 2 === 0 ? 'b' : 'a')] }),
    )
    const order = rowsOf(new Bench().start(rows).link().plan()).flat()
    expect(order).toEqual(rows.map((it) => it.row))
  })

  test('[OB13] what is sealed but not on the wire is waited for', () => {
    const bench = new Bench().start().link().wait(row(1, 'a'))
    bench.seal()
    const wake = bench.answer(1, { kind: 'retry', error: 'checksum' }).effects
    expect(bench.wait(row(2, 'b', { needs: [doc('a')] })).of('seal')).toEqual([])
    bench.effects = wake
    expect(bench.due().sent()).toEqual([1])
    expect(rowsOf(bench.ack(1).plan())).toEqual([[2]])
  })

  test('[OB13] what is on the wire is not', () => {
    const bench = new Bench().start().link().wait(row(1, 'a'))
    bench.seal()
    expect(rowsOf(bench.wait(row(2, 'b', { needs: [doc('a')] })).plan())).toEqual([[2]])
  })
})

describe('what waits', () => {
  test('[OB15] a document with a round, a hold or a delay holds up no other', () => {
    const stuck = new Bench().start([row(1, 'a'), row(2, 'b'), row(3, 'c')]).link()
    stuck.seal()
    stuck.reject(1).answer(2, { kind: 'retry', error: 'checksum' })
    stuck.wait(row(4, 'a', { branch: 1 }), row(5, 'b'), row(6, 'c'), row(7, 'd'))
    expect(rowsOf(stuck.plan())).toEqual([[7]])
    stuck.seal()
    expect(rowsOf(stuck.ack(3).plan())).toEqual([[6]])
  })

  test('[OB15] a document that must follow a busy one goes on as soon as it is free, and so do its followers', () => {
    const bench = new Bench().start().link().wait(row(1, 'a'))
    bench.seal()
    const pairs = ['ab', 'bc', 'cd', 'de']
    for (const [i, pair] of pairs.entries())
      bench.wait(...[...pair].map((name, k) => row(10 * (i + 1) + k, name, { group: i + 1 })))
    expect(bench.effects).toEqual([])
    expect(rowsOf(bench.ack(1).plan())).toHaveLength(8)
  })

  test('[OB16] rows of another principal wait, with what must follow them', () => {
    const bench = new Bench()
      .start([row(1, 'a', { principal: ben }), row(2, 'a'), row(3, 'b', { needs: [doc('a')] }), row(4, 'c')])
      .link()
    expect(rowsOf(bench.seal())).toEqual([[4]])
    bench.step({ kind: 'unlinked', space: 'all' })
    expect(rowsOf(bench.link(ben).plan())).toEqual([[1]])
    bench.seal()
    bench.ack(2).link(ann)
    expect(rowsOf(bench.plan())).toEqual([[2], [3]])
  })

  test('[OB16] entries of another principal are neither sent nor asked about', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.seal()
    bench.step({ kind: 'unlinked', space })
    bench.link(ben)
    expect(bench.effects).toEqual([])
    expect(bench.link(ann).asked()).toEqual([1])
  })

  test('[OB16] what could go does not get to wait for another user because of a row that came later', () => {
    const bench = new Bench()
      .start([row(1, 'x', { principal: ben }), row(2, 'a'), row(3, 'a', { needs: [doc('x')] })])
      .link()
    expect(rowsOf(bench.plan())).toEqual([[2]])
  })
})
