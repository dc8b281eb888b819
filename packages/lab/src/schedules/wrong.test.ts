import { expect, test } from 'vitest'
import { result } from '../campaign/results.test.helper.ts'
import { byHybridClock } from '../policies/last-write-wins.ts'
import { yjs } from '../policies/yjs.ts'
import { wrongWith } from './schedules.ts'

test('[LA76] whatever a policy that merges must not do is said, and of one value for a field that devices differ', () => {
  const figures = ['lost', 'misplaced', 'startLost', 'ghosts', 'doubled', 'invented'] as const
  for (const figure of figures) {
    const wrong = result({ [figure]: 2 })
    expect(wrongWith(wrong, yjs)).toEqual([`${figure}: 2`])
    expect(wrongWith(wrong, byHybridClock('field'))).toEqual([])
  }
  expect(wrongWith(result({ overruled: 2, untold: 3, deletions: 4 }), yjs)).toEqual([])
  expect(wrongWith(result({ convergent: false, invariants: { a: 0, b: 1 } }), yjs)).toEqual([
    'devices differ',
    'b: broken 1 ×',
  ])
  expect(wrongWith(result({ convergent: false }), byHybridClock('field'))).toEqual(['devices differ'])
})
