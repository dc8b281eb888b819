import { expect, test } from 'vitest'
import { growth } from './slope.ts'

const sizes = [1_000, 2_000, 4_000, 8_000, 16_000]

test('a cost of size ** 1.5 has the exponent 1.5 and no doubt', () => {
  const found = growth(sizes.map((size) => ({ size, cost: 3 * size ** 1.5 })))
  expect(found?.exponent).toBeCloseTo(1.5)
  expect(found?.low).toBeCloseTo(1.5)
  expect(found?.high).toBeCloseTo(1.5)
})

test('noise widens the interval around the true exponent', () => {
  const found = growth(sizes.map((size, i) => ({ size, cost: size * (i % 2 === 0 ? 1.2 : 0.9) })))
  expect(found?.low).toBeLessThan(1)
  expect(found?.high).toBeGreaterThan(1)
})

test('the interval of a textbook series is the textbook one', () => {
  // y on x = 1..5 in logarithms: slope 0.6, residuals 2.4, standard error sqrt(2.4 / 3 / 10), t(3) = 3.182.
  const ys = [2, 4, 5, 4, 5]
  const found = growth(ys.map((y, i) => ({ size: Math.exp(i + 1), cost: Math.exp(y) })))
  expect(found?.exponent).toBeCloseTo(0.6)
  expect(found?.high).toBeCloseTo(0.6 + 3.182 * Math.sqrt(2.4 / 3 / 10), 3)
})

test('two sizes make no line', () => {
  expect(growth([1, 2, 1, 2].map((size) => ({ size, cost: size })))).toBeUndefined()
})
