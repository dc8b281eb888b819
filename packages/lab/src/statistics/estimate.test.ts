import { describe, expect, test } from 'vitest'
import { estimateOf, estimateOfShares } from './estimate.ts'
import { t95 } from './student.ts'

describe('a mean over seeds', () => {
  test('[LA65] has the interval of Student, as computed by hand', () => {
    // Mean 6, variance (16 + 4 + 0 + 4 + 16) / 4, so that the standard error is 1.4142, times t(4) = 2.776.
    const { mean, low, high } = estimateOf([2, 4, 6, 8, 10])
    expect(mean).toBe(6)
    expect(low).toBeCloseTo(6 - 3.926, 3)
    expect(high).toBeCloseTo(6 + 3.926, 3)
  })

  test('[LA65] of fewer than five seeds has none, and of equal ones has no width', () => {
    expect(estimateOf([7])).toEqual({ mean: 7, low: null, high: null })
    expect(estimateOf([6, 7, 8, 7])).toEqual({ mean: 7, low: null, high: null })
    expect(estimateOf([7, 7, 7, 7, 7])).toEqual({ mean: 7, low: 7, high: 7 })
    expect(estimateOf([])).toEqual({ mean: 0, low: null, high: null })
  })

  test.each([
    [1, 12.706],
    [9, 2.262],
    [30, 2.042],
    [31, 2.0395],
    [40, 2.0211],
    [60, 2.0003],
    [120, 1.9799],
    [1_000_000, 1.96],
  ])('[LA65] t with %i degrees of freedom is %f, within the table and behind it', (degrees, value) => {
    expect(t95(degrees)).toBeCloseTo(value, 3)
  })
})

describe('a share', () => {
  test('[LA66] is the mean of the shares of the seeds, however many each looked at', () => {
    const shares = [0, 0, 0, 0, 30].map((count) => ({ count, of: count === 0 ? 10 : 100 }))
    const { mean, low, high } = estimateOfShares(shares)
    expect(mean).toBeCloseTo(0.06, 9)
    // The standard error is 0.06, times t(4) = 2.776; cut where no share can be.
    expect(low).toBe(0)
    expect(high).toBeCloseTo(0.06 + 0.06 * 2.776, 9)
  })

  test('[LA66] of nothing found is bounded by 3 of all that was looked at, and of everything found likewise', () => {
    const none = [
      { count: 0, of: 100 },
      { count: 0, of: 200 },
    ]
    expect(estimateOfShares(none)).toEqual({ mean: 0, low: 0, high: 0.01 })
    expect(estimateOfShares(none.map(({ of }) => ({ count: of, of })))).toEqual({ mean: 1, low: 0.99, high: 1 })
    expect(estimateOfShares([{ count: 0, of: 2 }])).toEqual({ mean: 0, low: 0, high: 1 })
  })

  test('[LA66] a seed that had nothing to look at says nothing', () => {
    const shares = [
      { count: 0, of: 0 },
      { count: 1, of: 4 },
    ]
    expect(estimateOfShares(shares)).toEqual({ mean: 0.25, low: null, high: null })
    expect(estimateOfShares([{ count: 0, of: 0 }])).toEqual({ mean: 0, low: null, high: null })
  })
})
