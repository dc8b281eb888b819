import { expect, test } from 'vitest'
import { compare, hasFailed } from './compare.ts'
import { around, benchOf, caseOf, contestant, resultOf } from './made-up.ts'
import type { RunResult } from './result.ts'
import type { BenchResult, ContestantResult } from './runner.ts'
import type { Spread } from './statistics.ts'

const one = (ratio: Spread, more: Partial<ContestantResult> = {}, rounds = 11): RunResult =>
  resultOf([benchOf('b', [caseOf('c', [contestant('ours', ratio, more)], { rounds })])])

const grown = (exponent: number, margin: number): RunResult =>
  resultOf([benchOf('b', [], { ours: { exponent, low: exponent - margin, high: exponent + margin } })])

const marked = (value: number, bounds = '≤ 2'): RunResult =>
  resultOf([benchOf('b', [caseOf('c', [], { marks: [{ reached: value <= 2, what: 'ours / limit', value, bounds }] })])])

const sentences = (base: RunResult, now: RunResult): string[] =>
  compare(base, now).findings.map(({ sentence }) => sentence)
const fails = (base: RunResult, now: RunResult): boolean => hasFailed(compare(base, now))

test('a result beside itself has nothing to say', () => {
  expect(compare(one(around(2)), one(around(2)))).toEqual({ warnings: [], findings: [] })
})

test('a ratio moved if the spreads of both runs do not touch', () => {
  expect(sentences(one(around(2)), one(around(3)))).toEqual([
    'b, “c”: ours takes more processor time than before: × 3 (2.94–3.06) of that of limit, was × 2 (1.96–2.04).',
  ])
  expect(sentences(one(around(3)), one(around(2)))).toEqual([expect.stringContaining('less processor time')])
  expect(sentences(one(around(2, 0.3)), one(around(3, 0.3))), 'within the noise of both').toEqual([])
  expect(sentences(one(around(2, 0.6)), one(around(3))), 'within the noise of the base').toEqual([])
  expect(sentences(one(around(2, 0.001)), one(around(2.05, 0.001))), 'too little to tell').toEqual([])
})

test('wall time is told where it alone moved', () => {
  const now = one(around(2), { ratio: around(4) })
  expect(sentences(one(around(2)), now)).toEqual([
    expect.stringContaining('ours takes more wall time than before: × 4'),
  ])
})

test('moved ratios do not fail, and milliseconds are not looked at', () => {
  expect(fails(one(around(2)), one(around(9)))).toBe(false)
  expect(sentences(one(around(2)), one(around(2), { wallMs: around(700), cpuMs: around(700) }))).toEqual([])
})

test('what ran too seldom to have a spread has no ratio to compare', () => {
  expect(sentences(one(around(2), {}, 1), one(around(3), {}, 1))).toEqual([])
  expect(sentences(one(around(2), {}, 11), one(around(3), {}, 2))).toEqual([])
})

test('ratios to another first contestant are not compared', () => {
  const base = resultOf([
    benchOf('b', [{ ...caseOf('c', []), contestants: [contestant('x', around(1)), contestant('ours', around(9))] }]),
  ])
  expect(sentences(base, one(around(2)))).toEqual([
    'b, “c”: ratios are to limit now, so they are not compared.',
    'New: b, “c”, limit.',
    'Gone: b, “c”, x.',
  ])
})

test('a figure moved if it differs by more than a hundredth, or by a tenth where it was measured once', () => {
  const sized = (B: number, rounds?: number): RunResult => one(around(2), { figures: { B } }, rounds)
  expect(sentences(sized(100), sized(100.9))).toEqual([])
  expect(sentences(sized(100), sized(102))).toEqual(['b, “c”: B of ours is 102 and was 100: more.'])
  expect(sentences(sized(102), sized(100))).toEqual(['b, “c”: B of ours is 100 and was 102: less.'])
  expect(sentences(sized(100, 1), sized(109, 1))).toEqual([])
  expect(sentences(sized(100, 1), sized(111, 1))).toHaveLength(1)
  const timed = (ms: number): RunResult => one(around(2), { figures: { 'ms CPU to open': ms } })
  expect(sentences(timed(1), timed(9)), 'a time').toEqual([])
})

test('a slope fails if its interval lies wholly above that of the base', () => {
  expect(sentences(grown(1, 0.1), grown(1.5, 0.1))).toEqual([
    'b: the cost of ours grows faster than before: size ** 1.50 (1.40 to 1.60), was 1.00 (0.90 to 1.10).',
  ])
  expect(fails(grown(1, 0.1), grown(1.5, 0.1))).toBe(true)
  expect(fails(grown(1, 0.1), grown(1.2, 0.1))).toBe(false)
  expect(sentences(grown(1, 0.1), grown(1.15, 0.1))).toEqual([])
  expect(fails(grown(1.5, 0.1), grown(1, 0.1))).toBe(false)
  expect(sentences(grown(1.5, 0.1), grown(1, 0.1))).toEqual([expect.stringContaining('grows slower than before')])
  expect(sentences(grown(1, 0), grown(1.001, 0)), 'a hair').toEqual([])
})

test('a mark that was reached and is missed fails; the other way round is told', () => {
  expect(sentences(marked(1.5), marked(2.5))).toEqual([
    'b, “c”: ours / limit misses its mark of ≤ 2, which was reached: it is 2.5 and was 1.5.',
  ])
  expect(fails(marked(1.5), marked(2.5))).toBe(true)
  expect(fails(marked(2.5), marked(1.5))).toBe(false)
  expect(sentences(marked(2.5), marked(1.5))).toEqual([expect.stringContaining('reaches its mark of ≤ 2 now')])
  expect(compare(marked(2.5), marked(2.6)).findings).toEqual([])
})

test('another bound is another mark', () => {
  expect(compare(marked(1.5, '≤ 3'), marked(2.5)).findings.map(({ kind }) => kind)).toEqual(['new', 'gone'])
})

test('what is new and what is gone is told, at every level', () => {
  const bench = (name: string): BenchResult =>
    benchOf('b', [caseOf(name, []), caseOf('c', [contestant(name, around(1))])], {
      [name]: { exponent: 1, low: 1, high: 1 },
    })
  expect(
    sentences(resultOf([bench('old'), benchOf('gone', [])]), resultOf([bench('young'), benchOf('added', [])])),
  ).toEqual([
    'New: b, “c”, young.',
    'Gone: b, “c”, old.',
    'New: b, “young”.',
    'Gone: b, “old”.',
    'New: b, how the cost of young grows.',
    'Gone: b, how the cost of old grows.',
    'New: the benchmark added.',
    'Gone: the benchmark gone.',
  ])
})

test('another machine, other settings and failures are warned of; what a machine does today is not', () => {
  const base = resultOf([])
  const warnings = (more: Partial<RunResult>): readonly string[] => compare(base, resultOf([], more)).warnings
  expect(warnings({ fingerprint: { ...base.fingerprint, fdatasyncP50Us: 900 } })).toEqual([])
  expect(warnings({ fingerprint: { ...base.fingerprint, cpu: 'another', loro: '1' } })).toEqual([
    'The base is of another cpu: a processor there, another here.',
    'The base is of another loro: none told there, 1 here.',
  ])
  expect(warnings({ quick: true })).toEqual(['The base is a full run and this a quick one: their inputs differ.'])
  expect(warnings({ seed: 2, rounds: 3, trace: 'b.json' })).toHaveLength(3)
  expect(warnings({ failures: [{ bench: 'store', sentence: 'no room' }] })).toEqual(['store failed.'])
})
