import { describe, expect, test } from 'vitest'
import { ann, ben, Bench, doc, row, rowsOf, space, writer, writerNamed } from './rows.test.helper.ts'

describe('an entry', () => {
  test('[OB1] is a run of waiting rows in store order', () => {
    const bench = new Bench().start([row(3, 'a'), row(1, 'a'), row(2, 'b')]).link()
    expect(rowsOf(bench.plan())).toEqual([[1, 3], [2]])
  })

  test('[OB1] a row that comes out of order is broken code', () => {
    const bench = new Bench().start().wait(row(2, 'a'))
    expect(() => bench.wait(row(1, 'a'))).toThrow(/row 1 .* comes after row 2/)
  })

  test('[OB2] has one lane, writing writer, principal, generation and branch', () => {
    const other = { number: 1, id: 'f'.repeat(32) }
    const bench = new Bench()
      .start()
      .wait(row(1, 'a'))
      .wait(row(2, 'a', { lane: 'high' }))
      .wait(row(3, 'a', { lane: 'high', writer: writerNamed(2) }))
      .wait(row(4, 'a', { lane: 'high', writer: writerNamed(2), branch: 1 }))
      .wait(row(5, 'a', { lane: 'high', writer: writerNamed(2), branch: 1, generation: other }))
      .wait(row(6, 'a', { lane: 'high', writer: writerNamed(2), branch: 1, generation: other, stamp: 60, writes: 4 }))
      .wait(row(7, 'a', { lane: 'high', writer: writerNamed(2), branch: 1, generation: other, principal: ben }))
      .link()
    expect(rowsOf(bench.plan())).toEqual([[1], [2], [3], [4], [5, 6]])
    expect(bench.plan().entries.at(-1)).toMatchObject({
      generation: other,
      branch: 1,
      stamp: 60,
      writes: 5,
      lane: 'high',
      principal: ann,
    })
  })

  test('[OB2] ends at entryBytesMax, and a larger row is alone', () => {
    const bench = new Bench({ entryBytesMax: 25 }).start()
    for (const [i, bytes] of [10, 10, 10, 40, 10].entries()) bench.wait(row(i + 1, 'a', { bytes }))
    expect(rowsOf(bench.link().plan())).toEqual([[1, 2], [3], [4], [5]])
  })

  test('[OB2] ends at entryRowsMax', () => {
    const bench = new Bench({ entryRowsMax: 2 }).start([1, 2, 3].map((n) => row(n, 'a'))).link()
    expect(rowsOf(bench.plan())).toEqual([[1, 2], [3]])
  })

  test('[OB3] is numbered from the last number of the writer in the space', () => {
    const bench = new Bench().start([row(1, 'a'), row(2, 'b')], [], 7).link()
    expect(bench.plan().entries.map(({ id }) => id)).toEqual([
      { writer, n: 8 },
      { writer, n: 9 },
    ])
  })

  test('[OB3] never has a number again that a failed seal had, nor one from before the space was left', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.step({ kind: 'seal-failed', plan: bench.plan() })
    expect(bench.due().plan().entries[0]?.id.n).toBe(2)
    bench.seal()
    bench.step({ kind: 'left', space })
    expect(bench.link().wait(row(2, 'a')).plan().entries[0]?.id.n).toBe(3)
  })

  test('[OB7] names the one before it in its document while that one is unanswered', () => {
    const bench = new Bench({ entryRowsMax: 1 }).start([row(1, 'a'), row(2, 'a'), row(3, 'b')]).link()
    expect(bench.plan().entries.map(({ after }) => after?.n)).toEqual([undefined, 1, undefined])
    bench.seal()
    bench.ack(1, 2, 3).wait(row(4, 'a'))
    expect(bench.plan().entries[0]?.after).toBeUndefined()
  })
})

describe('a group', () => {
  test('[OB4] is sealed whole, after earlier rows of all its documents, under consecutive numbers', () => {
    const bench = new Bench()
      .start([row(1, 'a'), row(2, 'b'), row(3, 'a', { group: 3 }), row(4, 'b', { group: 3 })])
      .link()
    const { entries } = bench.plan()
    expect(entries.map(({ id, rows, group, groupSize }) => [id.n, rows, group, groupSize])).toEqual([
      [1, [1], 0, 1],
      [2, [2], 0, 1],
      [3, [3], 3, 2],
      [4, [4], 3, 2],
    ])
    expect(entries.map(({ after }) => after?.n)).toEqual([undefined, undefined, 1, 2])
  })

  test('[OB4] waits while one of its documents has a round', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.seal()
    bench.wait(row(2, 'a', { group: 2 }), row(3, 'b', { group: 2 }))
    expect(bench.effects).toEqual([])
    expect(rowsOf(bench.ack(1).plan())).toEqual([[2], [3]])
  })

  test('[OB4] is closed over the groups of its documents', () => {
    const rows = [
      row(1, 'a', { group: 1 }),
      row(2, 'b', { group: 1 }),
      row(3, 'b', { group: 3 }),
      row(4, 'c', { group: 3 }),
    ]
    const bench = new Bench().start([...rows, row(5, 'c', { lane: 'critical' })]).link()
    expect(rowsOf(bench.plan())).toEqual([[1], [2], [3], [4], [5]])
  })

  test('[OB5] becomes one with the groups of the same documents and the rows between them', () => {
    const bench = new Bench().start()
    for (let n = 1; n < 300; n += 3)
      bench.wait(row(n, 'a', { group: n }), row(n + 1, 'b', { group: n })).wait(row(n + 2, n % 2 === 0 ? 'a' : 'b'))
    const { entries } = bench.link().plan()
    expect(entries.map(({ group, groupSize, rows }) => [group, groupSize, rows.length])).toEqual([
      [1, 2, 150],
      [1, 2, 150],
    ])
  })

  test('[OB5] does not grow beyond groupBytesMax', () => {
    const bench = new Bench({ groupBytesMax: 50 }).start()
    for (let n = 1; n < 7; n += 2) bench.wait(row(n, 'a', { group: n }), row(n + 1, 'b', { group: n }))
    expect(rowsOf(bench.link().plan())).toEqual([[1, 3], [2, 4], [5], [6]])
  })

  test('[OB5] does not become one with a group of a document that it lacks', () => {
    const bench = new Bench().start([row(1, 'a', { group: 1 }), row(2, 'b', { group: 1 })])
    bench.wait(row(3, 'b', { group: 3 }), row(4, 'c', { group: 3 })).link()
    expect(bench.plan().entries.map(({ group }) => group)).toEqual([1, 1, 3, 3])
  })

  test('[OB6] has the rows that stand between two of its rows in its documents', () => {
    const rows = [
      row(1, 'a', { group: 1 }),
      row(2, 'a', { lane: 'low' }),
      row(3, 'c'),
      row(4, 'b'),
      row(5, 'b', { group: 1 }),
    ]
    const { entries } = new Bench()
      .start([])
      .wait(...rows)
      .link()
      .plan()
    expect(entries.map(({ group, rows }) => [group, rows])).toEqual([
      [1, [1]],
      [1, [2]],
      [1, [4, 5]],
      [0, [3]],
    ])
    expect(entries[1]?.after?.n).toBe(1)
  })

  test('[OB6] is one with a group that it crosses', () => {
    const rows = [
      row(1, 'a', { group: 1 }),
      row(2, 'b', { group: 2 }),
      row(3, 'a', { group: 2 }),
      row(4, 'b', { group: 1 }),
    ]
    expect(
      new Bench()
        .start(rows)
        .link()
        .plan()
        .entries.map(({ group, rows }) => [group, rows]),
    ).toEqual([
      [1, [1, 3]],
      [1, [2, 4]],
    ])
  })

  test('[OB9] larger than every limit is sealed alone and whole, when nothing is on the wire', () => {
    const bench = new Bench({ sealEntriesMax: 3, sealBytesMax: 20, inFlightBytesMax: 20, groupBytesMax: 20 })
    bench
      .start([row(1, 'z'), ...Array.from({ length: 50 }, (_, i) => row(i + 2, `d${i}`, { group: 2 })), row(60, 'y')])
      .link()
    expect(rowsOf(bench.plan())).toEqual([[1]])
    bench.seal()
    expect(bench.of('seal')).toEqual([])
    expect(bench.ack(1).plan().entries).toHaveLength(50)
    bench.seal()
    expect(bench.sent()).toHaveLength(50)
    expect(rowsOf(bench.ack(2).plan())).toEqual([[60]])
  })
})

describe('a round', () => {
  test('[OB8] is the only one of its document; what comes meanwhile is merged', () => {
    const bench = new Bench().start().link().wait(row(1, 'a'))
    const first = bench.plan()
    for (let n = 2; n <= 50; n++) expect(bench.wait(row(n, 'a')).effects).toEqual([])
    bench.seal(first)
    expect(bench.sent()).toEqual([1])
    expect(rowsOf(bench.ack(1).plan())).toEqual([Array.from({ length: 49 }, (_, i) => i + 2)])
  })

  test('[OB9] has at most roundEntriesMax entries', () => {
    const bench = new Bench({ entryRowsMax: 1, roundEntriesMax: 3 })
      .start([1, 2, 3, 4, 5].map((n) => row(n, 'a')))
      .link()
    expect(rowsOf(bench.seal())).toEqual([[1], [2], [3]])
    expect(bench.ack(1, 2).of('seal')).toEqual([])
    expect(rowsOf(bench.ack(3).plan())).toEqual([[4], [5]])
  })

  test('[OB9] a pass seals at most sealEntriesMax entries and sealBytesMax bytes; the next one goes on', () => {
    const rows = Array.from({ length: 10 }, (_, i) => row(i + 1, `d${i}`))
    const byEntries = new Bench({ sealEntriesMax: 4 }).start(rows).link()
    expect(byEntries.sealAll().map(({ entries }) => entries.length)).toEqual([4, 4, 2])
    const byBytes = new Bench({ sealBytesMax: 55 }).start(rows).link()
    expect(byBytes.sealAll().map(({ entries }) => entries.length)).toEqual([5, 5])
  })

  test('[OB10] inFlightBytesMax bounds what has no answer, over all spaces', () => {
    const rows = Array.from({ length: 10 }, (_, i) => row(i + 1, `d${i}`))
    const bench = new Bench({ inFlightBytesMax: 45 }).start(rows).link()
    const plan = bench.plan()
    expect(plan.entries).toHaveLength(4)
    // The sealed updates turn out smaller than their rows: there is room again.
    bench.seal(plan)
    expect(bench.plan().entries).toHaveLength(4)
    bench.seal()
    expect(bench.plan().entries).toHaveLength(2)
  })

  test('[OB10] a resend keeps to it too', () => {
    const rows = Array.from({ length: 4 }, (_, i) => row(i + 1, `d${i}`))
    const bench = new Bench({ inFlightBytesMax: 45 }).start(rows).link()
    const plan = bench.plan()
    bench.step({ kind: 'sealed', plan, sizes: [10, 10, 10, 10] })
    bench.step({ kind: 'unlinked', space })
    bench.step({ kind: 'limits', entryBytesMax: 15, unansweredBytesMax: 15 })
    bench.link()
    expect(bench.asked()).toEqual([1, 2, 3, 4])
    bench.step({ kind: 'answered-all', space, writer, numbers: [1, 4], answer: { kind: 'unknown' } })
    expect(bench.sent()).toEqual([1])
    expect(bench.ack(1).sent()).toEqual([2])
  })

  test('[OB10] so does what turns out larger when it is sealed', () => {
    const bench = new Bench({ inFlightBytesMax: 45 }).start([1, 2, 3].map((n) => row(n, `d${n}`))).link()
    bench.step({ kind: 'sealed', plan: bench.plan(), sizes: [30, 30, 30] })
    expect(bench.sent()).toEqual([1])
    expect(bench.ack(1).sent()).toEqual([2])
  })

  test('[OB11] after a failed seal the rows wait again as they did, and later rows do not join them', () => {
    const bench = new Bench({ entryRowsMax: 2 }).start([row(1, 'a'), row(2, 'a'), row(3, 'a'), row(4, 'b')]).link()
    const plan = bench.plan()
    bench.wait(row(5, 'a'))
    bench.step({ kind: 'seal-failed', plan, random: 0.5 })
    expect(bench.effects).toEqual([{ kind: 'wake', at: bench.now + 125 }])
    const wake = bench.effects
    expect(bench.wait(row(6, 'c')).effects).toEqual([])
    bench.effects = wake
    expect(new Set(rowsOf(bench.due().plan()))).toEqual(new Set([[1, 2], [3], [5], [4], [6]]))
  })

  test('[OB11] rows that come after a failed seal make no circle with those that wait again', () => {
    const bench = new Bench().start().link().wait(row(1, 'y'))
    bench.seal()
    bench.wait(row(2, 'y')).wait(row(3, 'x'))
    const plan = bench.plan()
    bench.wait(row(4, 'y', { needs: [doc('x')] }))
    bench.step({ kind: 'seal-failed', plan })
    const wake = bench.effects
    bench.wait(row(5, 'x', { needs: [doc('y')] })).ack(1)
    bench.effects = wake
    expect(rowsOf(bench.due().plan())).toEqual([[3], [2, 4], [5]])
  })

  test('[OB11] one pass is under way at a time', () => {
    const bench = new Bench().start().link().wait(row(1, 'a'))
    const plan = bench.plan()
    expect(bench.wait(row(2, 'b')).effects).toEqual([])
    bench.seal(plan)
    expect(rowsOf(bench.plan())).toEqual([[2]])
  })
})
