import { describe, expect, test } from 'vitest'
import { ann, ben, Bench, doc, row, space, writer, writerNamed } from './rows.test.helper.ts'
import { createOutbox } from './outbox.ts'
import type { SealedInfo } from './types.ts'
import { stepsOf } from './steps.test.helper.ts'

const earlier = writerNamed(9)

const sealed = (n: number, name: string, rows: readonly number[], more: Partial<SealedInfo> = {}): SealedInfo => ({
  id: { writer: earlier, n },
  space,
  document: doc(name),
  generation: { number: 0, id: '' },
  branch: 0,
  rows,
  lane: 'normal',
  principal: ann,
  after: undefined,
  group: 0,
  groupSize: 1,
  stamp: n,
  writes: rows.length,
  bytes: 20,
  sent: false,
  ...more,
})

describe('a start', () => {
  test('[OB31] asks about the entries of earlier writers under their own ids, and seals behind them', () => {
    const first = sealed(4, 'a', [1, 2])
    const second = sealed(5, 'a', [3], { after: first.id })
    const rows = [1, 2, 3, 4].map((n) => row(n, 'a', { writer: earlier }))
    const bench = new Bench().start(rows, [second, first]).link()
    expect(bench.of('ask')).toEqual([{ kind: 'ask', space, ids: [first.id, second.id] }])
    expect(bench.of('seal')).toEqual([])
    bench.answer(4, { kind: 'ack' }, earlier)
    expect(bench.storedRows()).toEqual([1, 2])
    bench.answer(5, { kind: 'unknown' }, earlier)
    expect(bench.of('send')).toEqual([{ kind: 'send', space, ids: [second.id] }])
    bench.answer(5, { kind: 'ack' }, earlier)
    expect(bench.plan().entries).toMatchObject([{ id: { writer, n: 1 }, rows: [4], after: undefined }])
  })

  test('[OB31] keeps groups together', () => {
    const members = [sealed(7, 'a', [1], { group: 7, groupSize: 2 }), sealed(8, 'b', [2], { group: 7, groupSize: 2 })]
    const bench = new Bench().start([], members).link()
    bench.answer(8, { kind: 'ack' }, earlier)
    expect(bench.of('stored')[0]?.entries).toEqual(members.map((it) => ({ ...it, sent: true })))
  })

  test('[OB31] does not make a row wait for one that came after it', () => {
    const bench = new Bench()
      .start([row(1, 'a', { needs: [doc('b')] })], [sealed(1, 'b', [2], { principal: ben })])
      .link()
    expect(bench.plan().entries[0]?.rows).toEqual([1])
  })

  test('[OB31] happens once', () => {
    expect(() => new Bench().start().start()).toThrow(/started once/)
  })
})

describe('the status', () => {
  test('[OB33] counts what waits and what is unanswered', () => {
    const bench = new Bench().start([row(1, 'a', { bytes: 7, writes: 3, stamp: 50 })]).link()
    bench.seal()
    bench.wait(row(2, 'a', { lane: 'low', bytes: 5, writes: 2, stamp: 60 }), row(3, 'a', { bytes: 6, stamp: 70 }))
    expect(bench.outbox.stats()).toEqual({
      waitingRows: 2,
      waitingBytes: 11,
      waitingWrites: 3,
      unansweredEntries: 1,
      unansweredBytes: 1,
      unansweredWrites: 3,
      heldDocuments: 0,
      oldest: 50,
      lanes: {
        critical: { rows: 0, bytes: 0 },
        high: { rows: 0, bytes: 0 },
        normal: { rows: 1, bytes: 6 },
        low: { rows: 1, bytes: 5 },
        background: { rows: 0, bytes: 0 },
      },
    })
    expect(bench.ack(1).outbox.stats().oldest).toBe(60)
  })

  test('[OB33] lists the unanswered entries of a space and the waiting rows of a document', () => {
    const bench = new Bench().start([row(1, 'a')]).link()
    expect(bench.outbox.unanswered(space)).toEqual([])
    bench.seal()
    bench.wait(row(2, 'a'), row(3, 'a', { lane: 'low' }), row(4, 'b'))
    expect(bench.outbox.unanswered(space)).toMatchObject([
      { id: { writer, n: 1 }, rows: [1], bytes: 1, sent: true, space },
    ])
    expect(bench.outbox.waitingOf(space, doc('a'))).toEqual([2, 3])
    expect(bench.outbox.waitingOf(space, doc('nowhere'))).toEqual([])
  })
})

/** Steps for a thousand events of a few documents, with so many other documents waiting. */
function stepsBeside(others: number): number {
  const outbox = createOutbox()
  const rows = Array.from({ length: others }, (_, i) => row(i + 1, `d${i}`, { principal: ann }))
  outbox.step({ kind: 'start', now: 0, writer, lastEntry: new Map(), rows, sealed: [] })
  return stepsOf(() => {
    for (let i = 0; i < 1000; i++) outbox.step({ kind: 'waiting', now: i, rows: [row(others + i + 1, `hot${i % 7}`)] })
  })
}

describe('the cost', () => {
  test('[OB34] of an event does not grow with the number of other documents', () => {
    const few = stepsBeside(10)
    expect(few).toBeGreaterThan(1000)
    expect(stepsBeside(20_000)).toBeLessThan(few * 1.5)
  })

  test('[OB34] of documents that wait in a chain grows no faster than the chain', () => {
    const stepsFor = (length: number): number => {
      const bench = new Bench().start()
      for (let n = 0; n < length; n++)
        bench.wait(row(2 * n + 1, `k${n}`, { group: n + 1 }), row(2 * n + 2, `k${n + 1}`, { group: n + 1 }))
      const steps = stepsOf(() => {
        bench.link()
        for (let [next] = bench.of('seal'); next !== undefined; [next] = bench.of('seal')) {
          bench.seal(next.plan)
          const numbers = [1, next.plan.entries.at(-1)?.id.n ?? 0]
          bench.step({ kind: 'answered-all', space, writer, numbers, answer: { kind: 'ack' } })
        }
      })
      expect(bench.outbox.stats().oldest).toBeUndefined()
      return steps
    }
    // Eight times the length; a search through the chain for every document would take 64 times as long and more.
    const ratio = stepsFor(4000) / stepsFor(500)
    expect(ratio).toBeGreaterThan(4)
    expect(ratio).toBeLessThan(24)
  })

  test('[OB34] of 100,000 rows of a few documents is a few hundred entries', () => {
    const bench = new Bench().start()
    for (let n = 1; n <= 100_000; n += 2)
      bench.wait(row(n, 'a', { group: n, bytes: 30 }), row(n + 1, 'b', { group: n, bytes: 30 }))
    bench.link()
    let entries = 0
    let stored = 0
    for (let [next] = bench.of('seal'); next !== undefined; [next] = bench.of('seal')) {
      const plan = bench.seal(next.plan)
      entries += plan.entries.length
      const last = plan.entries.at(-1)?.id.n ?? 0
      bench.step({ kind: 'answered-all', space, writer, numbers: [1, last], answer: { kind: 'ack' } })
      stored += bench.storedRows().length
    }
    expect([stored, entries]).toEqual([100_000, 26])
  })
})
