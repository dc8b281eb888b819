import { describe, expect, test } from 'vitest'
import { ben, Bench, doc, row, rowsOf, space, writer, writerNamed } from './rows.test.helper.ts'

const ids = (...numbers: readonly number[]) => numbers.map((n) => ({ writer, n }))

describe('a reject', () => {
  test('[OB27] takes what follows in the document and nothing before it', () => {
    const bench = new Bench({ entryRowsMax: 1 }).start([row(1, 'a'), row(2, 'a'), row(3, 'a')]).link()
    bench.seal()
    bench.wait(row(4, 'a'), row(5, 'b')).reject(2)
    expect(bench.take()).toEqual({
      kind: 'take',
      take: 1,
      space,
      entries: ids(2, 3),
      rows: [2, 3, 4],
      documents: [doc('a')],
      error: 'rule',
      message: 'No.',
      first: { writer, n: 2 },
    })
    expect(bench.ack(1).storedRows()).toEqual([1])
  })

  test('[OB27] takes the members of every group taken, and what follows those', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.seal()
    bench
      .wait(row(2, 'b'))
      .wait(row(3, 'a', { group: 3 }), row(4, 'b', { group: 3 }))
      .wait(row(5, 'b', { lane: 'low' }), row(6, 'c'))
      .wait(row(7, 'c', { group: 7, lane: 'high' }), row(8, 'b', { group: 7, lane: 'high' }), row(9, 'd'))
    bench.reject(1)
    expect(bench.take()).toMatchObject({
      rows: [1, 3, 4, 5, 7, 8],
      entries: ids(1),
      documents: [doc('a'), doc('b'), doc('c')],
    })
  })

  test('[OB27] of one member takes a group that is sealed', () => {
    const bench = new Bench()
      .start([row(1, 'a', { group: 1 }), row(2, 'b', { group: 1 }), row(3, 'b', { lane: 'high' })])
      .link()
    bench.seal()
    bench.reject(1)
    expect(bench.take()).toMatchObject({ rows: [1, 2, 3], entries: ids(1, 2, 3) })
    expect(bench.answer(2, { kind: 'reject', error: 'depends', message: '' }).effects).toEqual([])
  })

  test('[OB27] depends takes it where the refusal before it was not seen', () => {
    const bench = new Bench({ entryRowsMax: 1 }).start([row(1, 'a'), row(2, 'a')]).link()
    bench.seal()
    bench.answer(2, { kind: 'reject', error: 'depends', message: 'It follows 1.' })
    expect(bench.take()).toMatchObject({ rows: [2], error: 'depends' })
    bench.reject(1)
    expect(bench.take()).toMatchObject({ rows: [1], error: 'rule' })
  })

  test('[OB28] holds the documents until the take is durable, and no others', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.seal()
    bench.wait(row(2, 'b', { needs: [doc('a')] }))
    bench.seal()
    bench.reject(1)
    const take = bench.take()
    expect(bench.outbox.stats().heldDocuments).toBe(1)
    bench.wait(row(3, 'a', { branch: 1 }), row(4, 'c'))
    expect(rowsOf(bench.seal())).toEqual([[4]])
    bench.taken(take)
    expect(rowsOf(bench.plan())).toEqual([[3]])
    expect(bench.outbox.stats().heldDocuments).toBe(0)
    expect(bench.taken(take).effects).toEqual([])
  })

  test('[OB28] what was blocked behind what was taken is free', () => {
    const rows = [row(1, 'x', { principal: ben }), row(2, 'a'), row(3, 'a', { needs: [doc('x')] })]
    const bench = new Bench().start(rows).link()
    bench.seal()
    bench.reject(1)
    const take = bench.take()
    expect(take.rows).toEqual([2, 3])
    expect(
      rowsOf(
        bench
          .taken(take)
          .wait(row(4, 'a', { branch: 1 }))
          .plan(),
      ),
    ).toEqual([[4]])
  })

  test('[OB28] a group with a held document waits', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.seal()
    bench.reject(1)
    const take = bench.take()
    expect(bench.wait(row(2, 'a', { branch: 1, group: 2 }), row(3, 'b', { group: 2 })).effects).toEqual([])
    expect(rowsOf(bench.taken(take).plan())).toEqual([[2], [3]])
  })
})

describe('late rows', () => {
  const refused = () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    bench.seal()
    bench.reject(1)
    return { bench, take: bench.take() }
  }

  test('[OB29] of a taken branch are taken with the same cause', () => {
    const { bench, take } = refused()
    bench.wait(row(2, 'a'), row(3, 'a', { branch: 1, lane: 'high' })).taken(take)
    expect(bench.take()).toMatchObject({
      take: 2,
      rows: [2, 3],
      entries: [],
      error: 'rule',
      message: 'No.',
      first: { n: 1 },
    })
    expect(bench.taken(bench.take()).effects).toEqual([])
    expect(rowsOf(bench.wait(row(4, 'a', { branch: 2 })).plan())).toEqual([[4]])
  })

  test('[OB29] are taken at once when they come after the take', () => {
    const { bench, take } = refused()
    bench.taken(take).wait(row(2, 'a'), row(3, 'b'))
    expect(bench.take()).toMatchObject({ rows: [2] })
    expect(rowsOf(bench.plan())).toEqual([[3]])
  })

  test('[OB29] that the store has moved need no second take', () => {
    const { bench, take } = refused()
    bench.wait(row(2, 'a')).taken(take, [2])
    expect(bench.effects).toEqual([])
    expect(bench.outbox.stats().waitingRows).toBe(0)
    expect(rowsOf(bench.wait(row(3, 'a', { branch: 1 })).plan())).toEqual([[3]])
  })

  test('[OB29] that the store has moved are gone, also those that an earlier take made again', () => {
    const { bench, take } = refused()
    bench.wait(row(2, 'b'))
    bench.seal()
    bench.wait(row(3, 'a', { group: 3 }), row(4, 'b', { group: 3 })).reject(2)
    const second = bench.take()
    expect(second).toMatchObject({ rows: [2, 3, 4] })
    bench.taken(take, [1, 3, 4]).wait(row(5, 'a', { branch: 1, group: 5 }), row(6, 'b', { branch: 1, group: 5 }))
    expect(bench.taken(second, [2, 5, 6]).effects).toEqual([])
    expect(bench.outbox.stats()).toMatchObject({ waitingRows: 0, heldDocuments: 0 })
    expect(rowsOf(bench.wait(row(7, 'b', { branch: 2 })).plan())).toEqual([[7]])
  })

  test('[OB29] take their group, of which the store has moved a part', () => {
    const { bench, take } = refused()
    bench.wait(row(2, 'a', { group: 2 }), row(3, 'b', { group: 2 }), row(4, 'b', { lane: 'low' })).taken(take, [2])
    expect(bench.take()).toMatchObject({ rows: [3, 4], documents: [doc('a'), doc('b')] })
  })

  test('[OB29] in a document of two takes are taken when both are done', () => {
    const { bench, take } = refused()
    bench.wait(row(2, 'b'))
    bench.seal()
    bench.wait(row(3, 'a', { group: 3, branch: 1 }), row(4, 'b', { group: 3 })).reject(2)
    const second = bench.take()
    expect(second).toMatchObject({ rows: [2, 3, 4] })
    bench.wait(row(5, 'a', { branch: 1 }))
    expect(bench.taken(take).effects).toEqual([])
    expect(bench.taken(second).take()).toMatchObject({ rows: [5] })
  })
})

describe('a writer that is renewed', () => {
  test('[OB37] seals under another name, what waits of it is taken, and what is sealed goes its way', () => {
    const other = writerNamed(2)
    const rows = [row(1, 'a'), row(2, 'b'), row(3, 'b', { writer: other }), row(4, 'c', { writer: other })]
    const bench = new Bench().start(rows).link()
    bench.seal()
    bench.wait(row(5, 'a'), row(6, 'd', { group: 6 }), row(7, 'c', { group: 6 }), row(8, 'c', { writer: other }))
    bench.wait(row(9, 'a'))
    const renewed = { kind: 'renewed', writer: writerNamed(3), of: writer, error: 'client-id-taken' } as const
    bench.step({ ...renewed, message: 'Taken.', first: { writer, n: 1 } })
    const take = bench.take()
    expect(take).toMatchObject({ rows: [5, 6, 7, 8, 9], entries: [], error: 'client-id-taken' })
    expect(bench.ack(1).storedRows()).toEqual([1])
    bench.taken(take).wait(row(10, 'f'))
    expect(bench.plan().entries[0]?.id).toEqual({ writer: writerNamed(3), n: 1 })
  })
})

describe('a space that was left', () => {
  test('[OB30] is forgotten, with all that is under way', () => {
    const bench = new Bench({ entryRowsMax: 1 }).start([row(1, 'a'), row(2, 'b'), row(3, 'c')]).link()
    bench.seal()
    bench.answer(1, { kind: 'retry', error: 'checksum' }).reject(2)
    const take = bench.take()
    bench.wait(row(4, 'd'), row(5, 'a'))
    const plan = bench.plan()
    bench.step({ kind: 'left', space })
    expect(bench.effects).toEqual([{ kind: 'wake', at: undefined }])
    const gone = {
      waitingRows: 0,
      waitingBytes: 0,
      unansweredEntries: 0,
      unansweredBytes: 0,
      heldDocuments: 0,
      oldest: undefined,
    }
    expect(bench.outbox.stats()).toMatchObject(gone)
    bench.seal(plan)
    bench.taken(take).ack(1, 3)
    expect(bench.effects).toEqual([])
    expect(bench.outbox.stats()).toMatchObject(gone)
    expect(rowsOf(bench.wait(row(6, 'a')).link().plan())).toEqual([[6]])
  })
})
