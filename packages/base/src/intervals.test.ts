import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addNumber,
  addRun,
  countNumbers,
  eachNumber,
  firstNumbers,
  hasNumber,
  insertRun,
  noIntervals,
  overlap,
  toIntervals,
  without,
} from './intervals.ts'
import type { Intervals } from './intervals.ts'

const run = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))

test('[BA6] intervals hold just the numbers put in, joined and in order', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
      let set: Intervals = noIntervals
      const own: number[] = []
      const model = new Set<number>()
      for (const [first, more] of runs) {
        set = more === 0 ? addNumber(set, first) : addRun(set, first, first + more)
        insertRun(own, first, first + more)
        for (let n = first; n <= first + more; n++) model.add(n)
      }
      const numbers = [...model].sort((a, b) => a - b)
      expect([...eachNumber(set)]).toEqual(numbers)
      expect(countNumbers(set)).toBe(numbers.length)
      for (let n = 0; n < 80; n++) expect(hasNumber(set, n)).toBe(model.has(n))
      for (let i = 2; i < set.length; i += 2) expect(set[i]).toBeGreaterThan((set[i - 1] ?? 0) + 1)
      expect(toIntervals(numbers)).toEqual(set)
      expect(own).toEqual(set)
      for (const count of [0, 1, 7, 1000])
        expect([...eachNumber(firstNumbers(set, count))]).toEqual(numbers.slice(0, count))
    }),
  )
})

test('[BA6] what two sets share, and what one has alone, is exact, and costs as much as their runs', () => {
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
