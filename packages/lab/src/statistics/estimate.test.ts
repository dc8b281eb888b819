import { describe, expect, test } from 'vitest'
import { estimateOf, estimateOfShares } from './estimate.ts'
import { t95 } from './student.ts'

describe('a mean over seeds', () => {
  test('[LA65] has the interval of Student, as computed by hand', () => {
    // Mean 5, variance (9 + 1 + 1 + 9) / 3, so that the standard error is 1.2910, times t(3) = 3.182.
    const { mean, low, high } = estimateOf([2, 4, 6, 8])
    expect(mean).toBe(5)
    expect(low).toBeCloseTo(5 - 4.108, 3)
    expect(high).toBeCloseTo(5 + 4.108, 3)
  })

  test('[LA65] of one seed has none, and of equal ones has no width', () => {
    expect(estimateOf([7])).toEqual({ mean: 7, low: null, high: null })
    expect(estimateOf([7, 7, 7])).toEqual({ mean: 7, low: 7, high: 7 })
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
    const shares = [
      { count: 1, of: 10 },
      { count: 30, of: 100 },
    ]
    const { mean, low, high } = estimateOfShares(shares)
    expect(mean).toBeCloseTo(0.2, 9)
    // Half the distance of two is the standard error: 0.1, times t(1) = 12.706, cut where no share can be.
    expect({ low, high }).toEqual({ low: 0, high: 1 })
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
