import { eachNumber, toIntervals } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlap, without } from './overlap.ts'

test('[SE49] questions about any number of ids cost as much as their runs, and are answered exactly', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 30 }))
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [left, right] = [toIntervals(a), toIntervals(b)]
      expect([...eachNumber(overlap(left, right))]).toEqual(a.filter((n) => b.includes(n)).sort((x, y) => x - y))
      expect([...eachNumber(without(left, right))]).toEqual(a.filter((n) => !b.includes(n)).sort((x, y) => x - y))
    }),
  )
  const far = 2 ** 53 - 1
  expect(without([1, far], [5, 7])).toEqual([1, 4, 8, far])
  expect(overlap([1, far], [5, 7, 9, 9])).toEqual([5, 7, 9, 9])
})
