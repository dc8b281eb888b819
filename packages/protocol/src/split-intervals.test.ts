import { expect, test } from 'vitest'
import { splitIntervals } from './index.ts'

test('[PR23] numbers in too many runs for one answer travel in several', () => {
  const runs = [1, 1, 3, 5, 7, 9, 11, 11, 20, 30]
  expect(splitIntervals(runs, 2)).toEqual([
    [1, 1, 3, 5],
    [7, 9, 11, 11],
    [20, 30],
  ])
  expect(splitIntervals(runs, 5)).toEqual([runs])
  expect(splitIntervals([], 5)).toEqual([])
})
