import { FaultCounts, runSeed } from '@rejoin/simulator'
import { describe, expect, test } from 'vitest'

const seedsEach = 10

/** Runs seeds as tests of ten each: every promise holds in each, and over all of them every kind of fault happened. */
export function campaign(title: string, from: number, seeds: number): void {
  describe(title, () => {
    const counts = new FaultCounts()
    let edits = 0

    for (let first = from; first < from + seeds; first += seedsEach)
      // A world of a thousand edits takes seconds of its own.
      test(`${first} to ${first + seedsEach - 1}`, { timeout: 120_000 }, async () => {
        for (let seed = first; seed < first + seedsEach; seed++) {
          const outcome = await runSeed(seed)
          counts.merge(outcome.counts)
          edits += outcome.edits
          expect(outcome.wrong, `npm run simulate -- --seed ${seed}`).toEqual([])
        }
      })

    test('every fault happened, and people had much to say', () => {
      expect(counts.missing()).toEqual([])
      expect(edits).toBeGreaterThan(25 * seeds)
    })
  })
}
