import { expect, test } from 'vitest'
import { byHybridClock } from '../policies/last-write-wins.ts'
import { run } from '../run.ts'
import { expectedPairs, uniform, uniformFields } from './uniform.ts'
import type { Rounds } from './uniform.ts'

const hour = 3_600_000

async function pairsOf({ devices, edits, rounds }: Rounds, seed: number): Promise<number> {
  const spans = { durationMs: rounds * hour, apartMs: hour, inRounds: true } as const
  const conditions = {
    name: 'rounds',
    devices,
    edits,
    ...spans,
    contention: 0,
    skewMs: 0,
    delayMs: 10,
    bytesPerMs: 1_000,
  }
  const { concurrentPairs } = await run({ policy: byHybridClock('field'), workload: uniform, conditions, seed })
  return concurrentPairs
}

test('[LA20] concurrent writes of one field are as many as their closed form says, within 5 percent and 4 standard errors', async () => {
  const settings: readonly (Rounds & { readonly seeds: number })[] = [
    { devices: 2, edits: 120, rounds: 4, seeds: 20 },
    { devices: 3, edits: 80, rounds: 6, seeds: 20 },
    { devices: 5, edits: 60, rounds: 10, seeds: 12 },
  ]
  for (const { seeds, ...rounds } of settings) {
    let pairs = 0
    for (let seed = 1; seed <= seeds; seed++) pairs += await pairsOf(rounds, seed)
    const { mean, deviation } = expectedPairs(rounds, uniformFields)
    const error = deviation / Math.sqrt(seeds)
    // So that 5 percent is more than chance takes.
    expect(error / mean).toBeLessThan(0.05 / 4)
    expect(Math.abs(pairs / seeds - mean) / mean).toBeLessThan(0.05)
    expect(Math.abs(pairs / seeds - mean)).toBeLessThan(4 * error)
  }
})

test('[LA20] the closed form is that of the mean number of writes: devices, fields, and rate by the length of a round', () => {
  const { mean } = expectedPairs({ devices: 4, edits: 100, rounds: 10 }, 5)
  const perRound = 100 / 10
  expect(mean).toBeCloseTo(10 * 6 * 5 * (perRound / 5) ** 2)
})
