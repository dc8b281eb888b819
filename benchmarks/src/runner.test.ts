import { expect, test } from 'vitest'
import type { Bench, Case, Contestant } from './bench.ts'
import { runBench } from './runner.ts'
import type { Stopwatch } from './runner.ts'
import { seeded } from './seeded.ts'

const options = { quick: true, random: seeded(1), folder: '', traceFile: '' }

/** Each lap lasts as long as what the contestant returns, twice that by the clock. */
const stopwatch: Stopwatch = {
  time: (run) => {
    const result = run()
    return Promise.resolve({ wallMs: 2 * Number(result), cpuMs: Number(result), result })
  },
}

const contestant = (name: string, run: () => number): Contestant => ({
  name,
  role: 'subject',
  run,
  verify: () => undefined,
})

const benchOf = (...cases: Case[]): Bench => ({ name: 'b', about: '', prepare: () => Promise.resolve(cases) })

test('contestants take turns, after warm-ups that do not count', async () => {
  const order: string[] = []
  const lap = (name: string, ms: number) => contestant(name, () => (order.push(name), order.length <= 4 ? 99 : ms))
  const only: Case = { name: 'c', count: 1, unit: 'u', contestants: [lap('a', 2), lap('b', 6)] }
  const result = await runBench(benchOf(only), options, { warmUps: 2, rounds: 3 }, stopwatch, () => undefined)
  expect(order.join('')).toBe('ababababab')
  expect(result.cases[0]?.contestants.map(({ wallMs, ratio }) => [wallMs.p95, ratio.median])).toEqual([
    [4, 1],
    [12, 3],
  ])
})

test('a wrong result gives no number at all', async () => {
  const wrong = { ...contestant('liar', () => 1), verify: () => expect(1).toBe(2) }
  let disposed = 0
  const only: Case = {
    name: 'c',
    count: 1,
    unit: 'u',
    contestants: [wrong],
    dispose: async () => void disposed++,
  }
  const run = runBench(benchOf(only, only), options, { warmUps: 1, rounds: 1 }, stopwatch, () => undefined)
  await expect(run).rejects.toThrow('the result of liar is wrong')
  expect(disposed, 'what was prepared for later cases too').toBe(2)
})

test('a series of sizes tells how the cost grows', async () => {
  const cases = [10, 100, 1000].map((size) => ({
    name: `${size}`,
    count: size,
    unit: 'u',
    size,
    contestants: [contestant('square', () => size ** 2)],
  }))
  const result = await runBench(benchOf(...cases), options, { warmUps: 0, rounds: 1 }, stopwatch, () => undefined)
  expect(result.growth['square']?.exponent).toBeCloseTo(2)
})

test('a case that goes on from the one before runs once, and its costs grow instead of its time', async () => {
  let runs = 0
  const cases = [10, 100, 1000].map((size) => ({
    name: `${size}`,
    count: size,
    unit: 'u',
    size,
    once: true,
    contestants: [
      { ...contestant('room', () => (runs++, 5)), costs: () => ({ flat: 7, linear: 2 * size, nothing: size - 100 }) },
    ],
  }))
  const result = await runBench(benchOf(...cases), options, { warmUps: 2, rounds: 9 }, stopwatch, () => undefined)
  expect(runs).toBe(3)
  expect(Object.keys(result.growth)).toEqual(['flat', 'linear'])
  expect(result.growth['flat']?.exponent).toBeCloseTo(0)
  expect(result.growth['linear']?.exponent).toBeCloseTo(1)
})
