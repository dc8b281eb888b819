import { describe, expect, test } from 'vitest'
import { Bench, row, rowsOf, space, writer } from './rows.test.helper.ts'

const keepTo = (bench: Bench, entryBytesMax: number, unansweredBytesMax: number): Bench => {
  bench.step({ kind: 'limits', entryBytesMax, unansweredBytesMax })
  return bench
}

describe('[OB36] what the server takes', () => {
  test('[OB36] cuts what was merged before it was known, in order, and the sums stay', () => {
    const bench = new Bench().start([1, 2, 3, 4, 5].map((n) => row(n, 'a', { writes: n })))
    expect(bench.outbox.stats()).toMatchObject({ waitingRows: 5, waitingBytes: 50, waitingWrites: 15 })
    const plan = keepTo(bench, 25, 1000).link().plan()
    expect(rowsOf(plan)).toEqual([[1, 2], [3, 4], [5]])
    expect(plan.entries.map(({ group, after, writes }) => [group, after?.n, writes])).toEqual([
      [0, undefined, 3],
      [0, 1, 7],
      [0, 2, 5],
    ])
    expect(bench.outbox.stats()).toMatchObject({ waitingRows: 0, waitingBytes: 0, unansweredWrites: 15 })
    bench.seal(plan)
    expect(bench.ack(3).storedRows()).toEqual([1, 2, 3, 4, 5])
  })

  test('[OB36] cuts the members of a group, which stays one', () => {
    const rows = [row(1, 'a'), row(2, 'a', { group: 2 }), row(3, 'b', { group: 2 }), row(4, 'a', { group: 4 })]
    const more = row(5, 'b', { group: 4 })
    const plan = keepTo(new Bench().start([...rows, more]), 10, 1000)
      .link()
      .plan()
    expect(plan.entries.map(({ rows: [first], group, groupSize }) => [first, group, groupSize])).toEqual([
      [1, 0, 1],
      [2, 2, 4],
      [4, 2, 4],
      [3, 2, 4],
      [5, 2, 4],
    ])
  })

  test('[OB36] bounds what is on the wire, in an entry and in many', () => {
    const bench = new Bench().start([1, 2, 3, 4, 5].map((n) => row(n, 'a')))
    bench.wait(row(6, 'b'))
    expect(rowsOf(keepTo(bench, 10, 20).link().plan())).toEqual([[1], [2]])
    bench.step({ kind: 'sealed', plan: bench.plan(), sizes: [10, 10] })
    expect(bench.sent()).toEqual([1, 2])
    bench.step({ kind: 'answered-all', space, writer, numbers: [1, 2], answer: { kind: 'ack' } })
    expect(rowsOf(bench.plan())).toEqual([[6], [3]])
  })

  test('[OB36] holds back what was sealed for a server that allowed more', () => {
    const bench = new Bench().start([row(1, 'a'), row(2, 'b'), row(3, 'c')]).link()
    const plan = bench.plan()
    bench.step({ kind: 'unlinked', space })
    keepTo(bench, 10, 20).link()
    bench.step({ kind: 'sealed', plan, sizes: [10, 10, 10] })
    expect(bench.sent()).toEqual([1, 2])
    expect(bench.ack(1).sent()).toEqual([3])
  })

  test('[OB36] is forgotten with the next server, and never more than the own limits', () => {
    const rows = [1, 2, 3].map((n) => row(n, 'a'))
    const bench = keepTo(new Bench({ entryBytesMax: 20 }).start(rows), 10, 1000)
    expect(rowsOf(keepTo(bench, 1000, 1000).link().plan())).toEqual([[1, 2], [3]])
  })
})
