import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { bounded } from './bounded.ts'
import { firstOf, parseTrace, textAfter } from './trace.ts'
import type { Trace } from './trace.ts'

type Step = readonly [at: number, deleted: number, inserted: string]

/** A random session over all of Unicode, made with plain arrays of code points. */
const sessions = fc
  .tuple(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 30,
    }),
  )
  .map(([startContent, drawn]) => {
    const points = [...startContent]
    const ends: string[] = []
    const txns = drawn.map((steps) => {
      const patches = steps.map(([where, wanted, inserted]): Step => {
        const at = where % (points.length + 1)
        const deleted = Math.min(wanted, points.length - at)
        points.splice(at, deleted, ...inserted)
        return [at, deleted, inserted]
      })
      ends.push(points.join(''))
      return { patches }
    })
    return { startContent, endContent: points.join(''), txns, ends }
  })

function parsed(value: unknown): Trace {
  const trace = parseTrace('t', JSON.stringify(value))
  if (!trace.ok) throw new Error(trace.error)
  return trace.value
}

/** Replays patches the way a JavaScript editor would. */
function spliced(trace: Trace): string {
  let text = trace.startContent
  for (const [at, deleted, inserted] of trace.transactions.flat())
    text = text.slice(0, at) + inserted + text.slice(at + deleted)
  return text
}

describe('traces', () => {
  test.prop([sessions])('[RE1] patches come out in UTF-16 units and replay to endContent', (session) => {
    const trace = parsed(session)
    expect(spliced(trace)).toBe(session.endContent)
    expect(trace.transactions).toHaveLength(session.txns.length)
  })

  test.prop([sessions, fc.nat(40)])(
    '[RE2] the first n transactions are a trace with the text after them',
    (session, n) => {
      const whole = parsed(session)
      const trace = firstOf(whole, n + 1)
      const count = Math.min(n + 1, session.txns.length)
      expect(trace.endContent).toBe(session.ends[count - 1])
      expect(trace.endContent).toBe(textAfter(whole, count))
      expect(spliced(trace)).toBe(trace.endContent)
    },
  )

  test.prop([sessions, fc.integer({ min: 2, max: 9 })])(
    '[RE23] a large paste becomes transactions that fit',
    (session, max) => {
      const whole = parsed(session)
      const trace = bounded(whole, max)
      expect(spliced(trace)).toBe(session.endContent)
      expect(trace.endContent).toBe(session.endContent)
      expect(trace.startContent.length).toBeLessThanOrEqual(max)
      for (const transaction of trace.transactions) {
        const inserted = transaction.map(([, , text]) => text)
        expect(inserted.join('').length).toBeLessThanOrEqual(max)
        for (const text of inserted) expect(text.isWellFormed()).toBe(true)
      }
      expect(bounded(trace, max)).toEqual(trace)
    },
  )

  const txn = (...patches: unknown[]): unknown => ({
    startContent: '',
    endContent: 'ab',
    txns: [{ patches: [[0, 0, 'ab']] }, { patches }],
  })
  const refused: readonly (readonly [what: string, input: unknown, sentence: RegExp])[] = [
    ['an array', [], /is not a JSON object/],
    ['null', null, /is not a JSON object/],
    ['no endContent', { txns: [] }, /endContent or txns are missing/],
    ['no transactions', { endContent: '', txns: [] }, /has no transactions/],
    ['a startContent of another type', { startContent: 1, endContent: '', txns: [{}] }, /of another type/],
    ['a transaction without patches', { endContent: '', txns: [{}] }, /its transaction 0 has no list of patches/],
    ['a null transaction', { endContent: '', txns: [null] }, /its transaction 0 has no list of patches/],
    ['a short patch', txn([1, 0]), /in its transaction 1 a patch is not \[position, deleted, inserted\]/],
    ['a negative position', txn([-1, 0, 'x']), /a patch is not/],
    ['a fraction', txn([0.5, 0, 'x']), /a patch is not/],
    ['a number as text', txn([0, 0, 7]), /a patch is not/],
    ['half a surrogate pair', txn([0, 0, '\ud800']), /not well-formed/],
    ['a patch outside the text', txn([1, 2, '']), /reaches to 3 in a text of 2 characters/],
    ['another end', txn([0, 1, '']), /does not replay to its endContent: 1 characters instead of 2, equal up to 0/],
    ['a concurrent trace', { kind: 'concurrent', endContent: '', txns: [] }, /concurrent trace/],
  ]
  test.each(refused)('[RE3] %s is refused with a reason', (_what, input, sentence) => {
    const trace = parseTrace('t', JSON.stringify(input))
    expect(trace).toMatchObject({ ok: false, error: expect.stringMatching(sentence) as string })
    if (!trace.ok) expect(trace.error).toMatch(/^[^\n]*\.$/)
  })

  test('[RE3] text that is not JSON is refused with a reason', () => {
    expect(parseTrace('t', '{"txns": [')).toEqual({ ok: false, error: 'is not a trace: it is not JSON.' })
  })
})
