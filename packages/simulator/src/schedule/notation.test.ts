import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NotationError, parseNotation, printNotation } from './notation.ts'
import type { Conditions, Schedule } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

const vocabulary: Vocabulary = {
  calm: { replicas: 1, chaosMs: 1_000, delayMs: 0 } as Conditions,
  acts: ['edit', 'look', 'fold'],
  strikes: ['drop', 'cut', 'flip'],
}

const text = `# why: half of a transaction was sent after a crash
seed 22881
set replicas 2
set chaosMs 12500
set delayMs 0.25
1.204 r0 edit 7
2.000 server fold 3
at r0.2 up 14 drop
at r1 commit 31 cut
`

const schedule: Schedule = {
  seed: 22_881,
  conditions: { replicas: 2, chaosMs: 12_500, delayMs: 0.25 } as Conditions,
  acts: [
    { atMs: 1_204, who: 'r0', what: 'edit', nth: 7 },
    { atMs: 2_000, who: 'server', what: 'fold', nth: 3 },
  ],
  strikes: [
    { moment: 'r0.2 up 14', fault: 'drop' },
    { moment: 'r1 commit 31', fault: 'cut' },
  ],
  odds: {},
}

describe('the notation of schedules', () => {
  test('[SI40] a schedule is printed in lines, and read from them', () => {
    expect(printNotation(schedule, 'half of a transaction\n was sent after a crash')).toBe(text)
    expect(parseNotation(text, vocabulary)).toEqual({
      schedule,
      why: 'half of a transaction was sent after a crash',
    })
  })

  test('[SI40] comments, blanks and the order of lines do not matter; what is not set is calm', () => {
    const loose = `
      # A world of one.\r
      at  r0 commit 1   cut   # here
      0.5 r0 look 0
      set delayMs 3
      seed 1`
    expect(parseNotation(loose, vocabulary)).toEqual({
      why: undefined,
      schedule: {
        seed: 1,
        conditions: { replicas: 1, chaosMs: 1_000, delayMs: 3 },
        acts: [{ atMs: 500, who: 'r0', what: 'look', nth: 0 }],
        strikes: [{ moment: 'r0 commit 1', fault: 'cut' }],
        odds: {},
      },
    })
  })

  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
  const ms = fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1e6, noNaN: true }), number.map(Math.abs))
  // Beyond this, seconds fit into a number and their milliseconds do not.
  const time = ms.filter((value) => value < 1e300)
  const name = fc.stringMatching(/^[a-z][\w.-]{0,6}$/)
  const strike = fc.record({
    moment: fc.array(name, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
    fault: fc.constantFrom(...vocabulary.strikes),
  })
  const schedules: fc.Arbitrary<Schedule> = fc.record({
    seed: fc.maxSafeNat(),
    conditions: fc
      .record({ replicas: number, chaosMs: number, delayMs: number }, { noNullPrototype: true })
      .map((some) => some as Conditions),
    acts: fc.array(
      fc.record({ atMs: time, who: name, what: fc.constantFrom(...vocabulary.acts), nth: fc.maxSafeNat() }),
    ),
    strikes: fc.oneof(fc.constant('by-odds' as const), fc.array(strike)),
    odds: fc.dictionary(fc.constantFrom(...vocabulary.strikes), number, { noNullPrototype: true }),
  })

  test('[SI40] every schedule reads back as the very same one, whatever its numbers are', () => {
    fc.assert(
      fc.property(schedules, fc.option(fc.stringMatching(/^\S[^\n]{0,30}$/), { nil: undefined }), (schedule, why) => {
        const read = parseNotation(printNotation(schedule, why), vocabulary)
        expect(read.schedule).toEqual(schedule)
        expect(read.why).toBe(why?.replaceAll(/\s+/g, ' ').trim())
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['seed 1\nseed 2', 2, 'one seed only'],
    ['seed x', 1, 'a line such as seed 7'],
    ['seed 1 2', 1, 'a line such as seed 7'],
    ['', 1, 'a line such as seed 7 by now'],
    ['seed 1\nset colour 3', 2, 'set a condition, one of replicas, chaosMs, delayMs'],
    ['seed 1\nset delayMs 3\nset delayMs 4', 3, 'delayMs only once'],
    ['seed 1\nset delayMs', 2, 'a line such as set delayMs 0.5'],
    ['seed 1\nset delayMs 1e999', 2, 'a line such as set delayMs 0.5'],
    ['seed 1\nodds rain 0.1', 2, 'odds of a fault, one of drop, cut, flip'],
    ['seed 1\nat drop', 2, 'a moment and a fault, such as at r0.2 up 14 drop'],
    ['seed 1\nat r0 commit 3 rain', 2, 'a fault at the end, one of drop, cut, flip'],
    ['seed 1\nstrikes by odds\nat r0 commit 3 drop', 3, 'no strike, because strikes are by odds'],
    ['seed 1\nat r0 commit 3 drop\nstrikes by odds', 3, 'no strikes by odds, because strikes are listed'],
    ['seed 1\nstrikes', 2, 'strikes by odds'],
    ['seed 1\nedit r0 7', 2, 'a time in seconds, or one of seed, set, at, odds, strikes'],
    ['seed 1\n-1 r0 edit 7', 2, 'a time in seconds, or one of seed, set, at, odds, strikes'],
    ['seed 1\n1.204 r0', 2, 'a line such as 1.204 r0 edit 7'],
    ['seed 1\n1.204 r0 sing 7', 2, 'an act, one of edit, look, fold'],
    ['seed 1\n1.204 r0 edit', 2, 'the number of the act at the end, such as 1.204 r0 edit 7'],
  ])('[SI40] %j is refused with its line and what was expected', (bad, line, expected) => {
    const read = (): unknown => parseNotation(bad, vocabulary)
    expect(read).toThrow(NotationError)
    expect(read).toThrow(new RegExp(`^Line ${line}: expected ${expected.replaceAll('.', '\\.')}[^\\n]*\\.$`))
  })

  test('[SI40] a schedule with a name that would read back otherwise is not printed', () => {
    for (const moment of ['', 'r0  commit', '# r0'])
      expect(() => printNotation({ ...schedule, strikes: [{ moment, fault: 'cut' }] })).toThrow(/one word/)
  })
})
