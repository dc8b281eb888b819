import { describe, expect, test } from 'vitest'
import { Bench, row, rowsOf, space, writer } from './rows.test.helper.ts'

const chain = (length: number): Bench =>
  new Bench({ entryRowsMax: 1 }).start(Array.from({ length }, (_, i) => row(i + 1, 'a'))).link()

describe('sending', () => {
  test('[OB18] follows the durable seal, in order', () => {
    const bench = chain(3)
    expect(bench.sent()).toEqual([])
    bench.seal()
    expect(bench.sent()).toEqual([1, 2, 3])
  })

  test('[OB18] waits for the link if it went meanwhile, and asks about nothing', () => {
    const bench = chain(3)
    const plan = bench.plan()
    bench.step({ kind: 'unlinked', space })
    bench.seal(plan)
    expect(bench.effects).toEqual([])
    expect(bench.outbox.unanswered(space).map(({ sent }) => sent)).toEqual([false, false, false])
    bench.link()
    expect([bench.asked(), bench.sent()]).toEqual([[], [1, 2, 3]])
  })

  test('[OB19] what was on a link that is gone is asked about first', () => {
    const bench = chain(3)
    bench.seal()
    bench.step({ kind: 'unlinked', space })
    bench.wait(row(4, 'b')).link()
    expect([bench.asked(), bench.sent(), rowsOf(bench.plan())]).toEqual([[1, 2, 3], [], [[4]]])
  })

  test('[OB19] a new link without a word about the end of the old one is a new link', () => {
    const bench = chain(1)
    bench.seal()
    expect(bench.link().asked()).toEqual([1])
  })

  test('[OB20] unknown sends again, behind what comes before it', () => {
    const bench = chain(3)
    bench.seal()
    bench.step({ kind: 'unlinked', space: 'all' })
    bench.link()
    expect(bench.answer(2, { kind: 'unknown' }).sent()).toEqual([])
    expect(bench.answer(3, { kind: 'unknown' }).sent()).toEqual([])
    expect(bench.ack(1).sent()).toEqual([2, 3])
    expect(bench.answer(2, { kind: 'unknown' }).effects).toEqual([])
    expect(bench.ack(2).storedRows()).toEqual([2])
  })

  test('[OB20] the members of a group are sent again together', () => {
    const bench = new Bench().start([row(1, 'a', { group: 1 }), row(2, 'b', { group: 1 })]).link()
    bench.seal()
    bench.step({ kind: 'unlinked', space })
    bench.link()
    expect(bench.answer(2, { kind: 'unknown' }).sent()).toEqual([1, 2])
    expect(bench.answer(1, { kind: 'unknown' }).sent()).toEqual([])
  })
})

describe('an ack', () => {
  test('[OB21] is for all before it by after', () => {
    const bench = chain(4)
    bench.seal()
    expect(bench.ack(3).storedRows()).toEqual([1, 2, 3])
    expect(bench.outbox.unanswered(space).map(({ id }) => id.n)).toEqual([4])
    expect(bench.ack(4).storedRows()).toEqual([4])
  })

  test('[OB21] is for the whole group, and for what is before its members', () => {
    const rows = [row(1, 'a'), row(2, 'b'), row(3, 'a', { group: 3 }), row(4, 'b', { group: 3 })]
    const bench = new Bench().start(rows).link()
    bench.seal()
    expect(bench.ack(4).storedRows()).toEqual([1, 2, 3, 4])
  })

  test('[OB21] of many at once is one effect', () => {
    const bench = chain(200)
    bench.sealAll()
    bench.step({ kind: 'answered-all', space, writer, numbers: [1, 150, 152, 2 ** 52], answer: { kind: 'ack' } })
    expect(bench.of('stored')).toHaveLength(1)
    expect(bench.storedRows()).toHaveLength(200)
  })

  test('[OB25] for something unknown, never sent or answered before changes nothing', () => {
    const bench = chain(2)
    const plan = bench.plan()
    expect(bench.ack(1).effects).toEqual([])
    expect(bench.ack(9).reject(9).effects).toEqual([])
    bench.seal(plan)
    bench.ack(1)
    expect(bench.ack(1).reject(1).answer(1, { kind: 'retry', error: 'checksum' }).effects).toEqual([])
    expect(bench.answer(2, { kind: 'unknown' }).effects).toEqual([])
  })
})

describe('a retry', () => {
  test('[OB22] sends it and what follows again, in order, after full jitter', () => {
    const bench = chain(3)
    bench.seal()
    const began = bench.now
    bench.step({
      kind: 'answered',
      space,
      id: { writer, n: 1 },
      answer: { kind: 'retry', error: 'checksum' },
      random: 0.8,
    })
    expect(bench.of('wake')).toEqual([{ kind: 'wake', at: began + 200 }])
    const wake = bench.effects
    expect(bench.answer(2, { kind: 'retry', error: 'gap' }).answer(3, { kind: 'retry', error: 'gap' }).effects).toEqual(
      [],
    )
    bench.effects = wake
    expect(bench.due().sent()).toEqual([1, 2, 3])
  })

  test('[OB22] its delay doubles up to the cap', () => {
    const delays: number[] = []
    const bench = new Bench({ attemptsMax: 12 }).start([row(1, 'a')]).link()
    bench.seal()
    for (let i = 0; i < 10; i++) {
      bench.step({
        kind: 'answered',
        space,
        id: { writer, n: 1 },
        answer: { kind: 'retry', error: 'checksum' },
        random: 0.999_999,
      })
      delays.push((bench.of('wake')[0]?.at ?? 0) - bench.now)
      bench.due()
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  test('[OB22] waits as long as the server asks for, within reason', () => {
    for (const [afterMs, least, most] of [
      [5000, 5000, 5250],
      [1e15, 3_600_000, 3_600_250],
      [Number.NaN, 0, 250],
      [-1, 0, 250],
    ] as const) {
      const bench = chain(1)
      bench.seal()
      bench.answer(1, { kind: 'retry', error: 'checksum', afterMs })
      const delay = (bench.of('wake')[0]?.at ?? 0) - bench.now
      expect(delay).toBeGreaterThanOrEqual(least)
      expect(delay).toBeLessThanOrEqual(most)
    }
  })

  test('[OB22] the last attempt takes it, with all that follows', () => {
    const bench = chain(3)
    bench.seal()
    bench.answer(2, { kind: 'retry', error: 'checksum' }).due()
    bench.answer(2, { kind: 'retry', error: 'checksum' }).due()
    bench.answer(2, { kind: 'retry', error: 'checksum' })
    expect(bench.take()).toMatchObject({ error: 'checksum', rows: [2, 3], first: { n: 2 } })
    expect(bench.ack(1).storedRows()).toEqual([1])
  })

  test('[OB22] the members of a group share the attempt', () => {
    const bench = new Bench()
      .start([row(1, 'a', { group: 1 }), row(2, 'b', { group: 1 }), row(3, 'c', { group: 1 })])
      .link()
    bench.seal()
    bench.answer(1, { kind: 'retry', error: 'checksum' })
    const wake = bench.effects
    bench.answer(2, { kind: 'retry', error: 'checksum' }).answer(3, { kind: 'retry', error: 'checksum' })
    expect(bench.effects).toEqual([])
    bench.effects = wake
    expect(bench.due().sent()).toEqual([1, 2, 3])
  })

  test('[OB23] of the link counts no attempt and pauses the space', () => {
    for (const error of [
      'rate-limited',
      'unavailable',
      'shutting-down',
      'timeout',
      'storage-full',
      'token-expired',
    ] as const) {
      const bench = chain(2)
      bench.seal()
      for (let i = 0; i < 20; i++) {
        bench.answer(1, { kind: 'retry', error, afterMs: 700 })
        expect(bench.of('wake')[0]?.at).toBeGreaterThanOrEqual(bench.now + 700)
        const wake = bench.effects
        expect(bench.wait(row(10 + i, `x${i}`)).effects).toEqual([])
        bench.effects = wake
        expect(bench.due().sent()).toEqual([1, 2])
        if (bench.of('seal').length > 0) bench.sealAll()
        bench.step({ kind: 'answered-all', space, writer, numbers: [3, 1000], answer: { kind: 'ack' } })
      }
      expect(bench.outbox.stats().heldDocuments).toBe(0)
    }
  })

  test('[OB23] doubles the pause, until an ack', () => {
    const bench = new Bench().start([row(1, 'a'), row(2, 'b')]).link()
    bench.seal()
    const pauseOf = (n: number): number => {
      bench.answer(n, { kind: 'retry', error: 'unavailable' })
      const delay = (bench.of('wake')[0]?.at ?? 0) - bench.now
      bench.due()
      return delay
    }
    expect([pauseOf(1), pauseOf(1), pauseOf(1)]).toEqual([125, 250, 500])
    bench.ack(2)
    expect(pauseOf(1)).toBe(125)
  })

  test('[OB24] gap sends the unanswered entries of the document again, from the first', () => {
    const bench = chain(4)
    bench.seal()
    bench.answer(3, { kind: 'retry', error: 'gap' })
    const wake = bench.effects
    expect(bench.answer(4, { kind: 'retry', error: 'gap' }).effects).toEqual([])
    bench.effects = wake
    expect(bench.due().sent()).toEqual([1, 2, 3, 4])
  })

  test('[OB24] gap is no attempt while something unanswered comes before, however often it comes', () => {
    const bench = chain(2)
    bench.seal()
    for (let i = 0; i < 10; i++) expect(bench.answer(2, { kind: 'retry', error: 'gap' }).due().sent()).toEqual([1, 2])
  })

  test('[OB24] gap where nothing comes before is lost history, and counts', () => {
    const bench = chain(2)
    bench.seal()
    bench.ack(1)
    bench.answer(2, { kind: 'retry', error: 'gap' }).due()
    bench.answer(2, { kind: 'retry', error: 'gap' }).due()
    bench.answer(2, { kind: 'retry', error: 'gap' })
    expect(bench.take()).toMatchObject({ error: 'gap', rows: [2] })
  })

  test('[OB24] gap of a group goes back in all its documents', () => {
    const rows = [
      row(1, 'a'),
      row(2, 'b'),
      row(3, 'a', { group: 3 }),
      row(4, 'b', { group: 3 }),
      row(5, 'b', { lane: 'high' }),
    ]
    const bench = new Bench().start(rows).link()
    bench.seal()
    bench.answer(4, { kind: 'retry', error: 'gap' })
    const again = [...bench.due().sent()]
    if (again.length < 5) again.push(...bench.due().sent())
    expect(again.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    expect(again.indexOf(3)).toBeGreaterThan(Math.max(again.indexOf(1), again.indexOf(2)))
    expect(again.at(-1)).toBe(5)
  })

  test('[OB22] a delay outlives the link', () => {
    const bench = chain(1)
    bench.seal()
    bench.answer(1, { kind: 'retry', error: 'checksum' })
    const wake = bench.effects
    bench.step({ kind: 'unlinked', space })
    bench.link()
    expect([bench.asked(), bench.sent()]).toEqual([[], []])
    bench.effects = wake
    expect(bench.due().sent()).toEqual([1])
  })
})

describe('the timer', () => {
  test('[OB26] names the next time, and none when nothing is due any more', () => {
    const bench = new Bench().start([row(1, 'a'), row(2, 'b')]).link()
    bench.seal()
    bench.answer(1, { kind: 'retry', error: 'checksum', afterMs: 900 })
    const late = bench.of('wake')[0]?.at ?? 0
    bench.answer(2, { kind: 'retry', error: 'checksum', afterMs: 100 })
    expect(bench.of('wake')[0]?.at).toBeLessThan(late)
    bench.ack(2)
    expect(bench.of('wake')).toEqual([{ kind: 'wake', at: late }])
    bench.ack(1)
    expect(bench.of('wake')).toEqual([{ kind: 'wake', at: undefined }])
  })

  test('[OB26] a clock set back, forward or to nothing delays no retry', () => {
    for (const jump of [-3_600_000, 3_600_000, Number.NaN]) {
      const bench = chain(1)
      bench.seal()
      bench.answer(1, { kind: 'retry', error: 'checksum', afterMs: 1000 })
      const at = bench.of('wake')[0]?.at ?? 0
      const was = bench.now
      bench.now = was + jump
      bench.step({ kind: 'unlinked', space })
      const moved = bench.of('wake')[0]?.at ?? at
      if (jump < 0) expect(moved - bench.now).toBe(at - was)
      bench.link()
      bench.step({ kind: 'due' })
      expect(bench.sent()).toEqual([1])
    }
  })
})
