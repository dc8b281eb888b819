import { expect, test } from 'vitest'
import { benches } from './benches/index.ts'
import { gates, judgeGates } from './gates.ts'
import type { Gate } from './gates.ts'
import { around, benchOf, caseOf, contestant, resultOf } from './made-up.ts'

const slope: Gate = { bench: 'b', growthOf: 'ours', atMost: 1.5 }
const ratio: Gate = { bench: 'b', case: 'c', contestant: 'ours', atMost: 4 }
const bytes: Gate = { bench: 'b', case: 'c', contestant: 'ours', figure: 'B', atMost: 0.5 }

const judged = (exponent: number, cpu: number, B: number): [boolean, string][] => {
  const ours = contestant('ours', around(cpu), { ratio: around(99), figures: { B } })
  const bench = benchOf('b', [caseOf('c', [ours])], { ours: { exponent, low: -9, high: 9 } })
  return judgeGates(resultOf([bench]), [slope, ratio, bytes]).map(({ reached, sentence }) => [reached, sentence])
}

test('a gate is reached up to its bound', () => {
  expect(judged(1.5, 4, 50)).toEqual([
    [true, 'b: the exponent of ours is 1.5; gate: ≤ 1.5'],
    [true, 'b, “c”: ours, processor time / first is 4; gate: ≤ 4'],
    [true, 'b, “c”: ours, B / first is 0.5; gate: ≤ 0.5'],
  ])
})

test('and missed above it, each alone', () => {
  const reached = (...values: [number, number, number]): boolean[] => judged(...values).map(([reached]) => reached)
  expect(reached(1.51, 4, 50)).toEqual([false, true, true])
  expect(reached(1.5, 4.1, 50)).toEqual([true, false, true])
  expect(reached(1.5, 4, 51)).toEqual([true, true, false])
})

test('what was not measured, or failed, misses its gate; a benchmark that nobody asked for has none', () => {
  expect(judged(Number.NaN, Number.NaN, Number.NaN).map(([reached]) => reached)).toEqual([false, false, false])
  expect(judgeGates(resultOf([benchOf('b', [])]), [slope, ratio, bytes]).map(({ sentence }) => sentence)).toEqual([
    'b: the exponent of ours was not measured',
    'b, “c”: ours, processor time / first was not measured',
    'b, “c”: ours, B / first was not measured',
  ])
  expect(judgeGates(resultOf([], { failures: [{ bench: 'b', sentence: '' }] }), [slope])).toMatchObject([
    { reached: false },
  ])
  expect(judgeGates(resultOf([]), [slope])).toEqual([])
})

test('the gates are on benchmarks that exist, one a value', () => {
  expect(gates.filter(({ bench }) => !Object.hasOwn(benches, bench))).toEqual([])
  const keys = gates.map((gate) => JSON.stringify({ ...gate, atMost: 0 }))
  expect(new Set(keys).size).toBe(keys.length)
  expect(gates.some((gate) => 'growthOf' in gate)).toBe(true)
})
