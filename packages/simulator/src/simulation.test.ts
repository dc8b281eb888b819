import { describe, expect, test } from 'vitest'
import { runSeed } from './run.ts'
import { FaultCounts } from './world/faults.ts'

const seedsEach = 10

describe('a campaign of 100 seeds', () => {
  const counts = new FaultCounts()
  let edits = 0

  for (let from = 1; from <= 100; from += seedsEach) {
    test(`[SI1, SI5] seeds ${from} to ${from + seedsEach - 1}: every promise holds, and the first seed runs twice alike`, async () => {
      for (let seed = from; seed < from + seedsEach; seed++) {
        const outcome = await runSeed(seed)
        counts.merge(outcome.counts)
        expect(outcome.wrong, `seed ${seed}`).toEqual([])
        edits += outcome.edits
        if (seed === from) expect((await runSeed(seed)).trace).toBe(outcome.trace)
      }
    })
  }

  test('[SI5] every fault happened, and people had much to say', () => {
    expect(counts.missing()).toEqual([])
    expect(edits).toBeGreaterThan(5_000)
  })
})
