import { expect, test } from 'vitest'
import { quantile, spread } from './statistics.ts'

test('quantiles interpolate and do not care about order', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([4, 1, 3, 2], 1)).toBe(4)
  expect(spread(Array.from({ length: 101 }, (_, i) => 100 - i))).toEqual({ p5: 5, median: 50, p95: 95 })
})

test('of nothing there is no middle', () => {
  expect(quantile([], 0.5)).toBeNaN()
})
