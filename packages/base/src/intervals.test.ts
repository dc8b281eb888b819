import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addNumber, addRun, countNumbers, eachNumber, hasNumber, noIntervals, toIntervals } from './intervals.ts'
import type { Intervals } from './intervals.ts'

const run = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))

test('[BA6] intervals hold just the numbers put in, joined and in order', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
      let set: Intervals = noIntervals
      const model = new Set<number>()
      for (const [first, more] of runs) {
        set = more === 0 ? addNumber(set, first) : addRun(set, first, first + more)
        for (let n = first; n <= first + more; n++) model.add(n)
      }
      const numbers = [...model].sort((a, b) => a - b)
      expect([...eachNumber(set)]).toEqual(numbers)
      expect(countNumbers(set)).toBe(numbers.length)
      for (let n = 0; n < 80; n++) expect(hasNumber(set, n)).toBe(model.has(n))
      for (let i = 2; i < set.length; i += 2) expect(set[i]).toBeGreaterThan((set[i - 1] ?? 0) + 1)
      expect(toIntervals(numbers)).toEqual(set)
    }),
  )
})
