import { expect, test } from 'vitest'
import { result } from './results.test.helper.ts'
import { groupsOf, summaryOf } from './summary.ts'

test('[LA73] shares are of the effects of each seed, counts of its runs, and seeds count alike', () => {
  const { runs, effects, lost, overruled, misplaced, untold, retention, lostRuns, ghosts, ghostShare, convergent } =
    summaryOf([
      result({ seed: 1, effects: 100, lost: 10, overruled: 20, misplaced: 8, untold: 100, ghosts: 2 }),
      result({ seed: 1, effects: 300, lost: 30, ghosts: 4, workload: 'chat' }),
      result({ seed: 2, effects: 50, lost: 20, ghosts: 0, convergent: false }),
    ])
  expect({ runs, effects }).toEqual({ runs: 3, effects: 450 })
  // 40 of 400 and 20 of 50.
  expect(lost.mean).toBeCloseTo((0.1 + 0.4) / 2, 9)
  expect(overruled.mean).toBeCloseTo(0.05 / 2, 9)
  expect(misplaced.mean).toBeCloseTo(0.02 / 2, 9)
  expect(untold.mean).toBeCloseTo(100 / 500 / 2, 9)
  expect(retention.mean).toBeCloseTo((360 / 400 + 30 / 50) / 2, 9)
  // Three of three.
  expect(lostRuns).toEqual({ mean: 1, low: 0, high: 1 })
  expect(ghosts.mean).toBeCloseTo((6 / 2 + 0) / 2, 9)
  expect(ghostShare.mean).toBeCloseTo((6 / 20 + 0) / 2, 9)
  expect(convergent.mean).toBeCloseTo((1 + 0) / 2, 9)
})

test('[LA73] what only some runs have is the mean of these, and null if none has it', () => {
  const { distance, interleaving } = summaryOf([
    result({ distance: 0.5 }),
    result({ workload: 'lists' }),
    result({ seed: 2, distance: 0.1 }),
  ])
  expect(distance?.mean).toBeCloseTo(0.3, 9)
  expect(interleaving).toBeNull()
})

test('[LA73] invariants are added up by name', () => {
  const broken = summaryOf([
    result({ invariants: { 'counter exact': 2, 'no line lost': 0 } }),
    result({ invariants: { 'counter exact': 1 }, seed: 2 }),
  ])
  expect(broken.invariants).toEqual({ 'counter exact': 3, 'no line lost': 0 })
  expect(broken.invariantsBroken.mean).toBe(1.5)
})

test('[LA73] groups come in the order of the runs, each with its names', () => {
  const results = [result({ policy: 'b' }), result({ policy: 'a' }), result({ policy: 'b', conditions: 'online' })]
  const names = groupsOf(results, ['policy', 'conditions']).map(({ policy, conditions, workload, runs }) => {
    return { policy, conditions, workload, runs }
  })
  expect(names).toEqual([
    { policy: 'b', conditions: 'hours', workload: undefined, runs: 1 },
    { policy: 'a', conditions: 'hours', workload: undefined, runs: 1 },
    { policy: 'b', conditions: 'online', workload: undefined, runs: 1 },
  ])
  expect(groupsOf(results, ['policy']).map(({ policy, runs }) => [policy, runs])).toEqual([
    ['b', 2],
    ['a', 1],
  ])
})
