import { Dice } from '@rejoin/simulator/network'
import { expect, test } from 'vitest'
import type { Conditions } from './conditions.ts'
import { momentsOf, stretchesOnline } from './presence.ts'
import { zipf } from './zipf.ts'

const hour = 3_600_000
const calm: Conditions = {
  name: 'calm',
  devices: 1,
  durationMs: 1_000 * hour,
  edits: 500,
  apartMs: hour,
  contention: 0,
  skewMs: 0,
  delayMs: 50,
  bytesPerMs: 1_000,
}
const from = 10 * 60_000

test.each([60_000, hour, 72 * hour])(
  '[LA35] a device is offline for %i ms on average, and online for a twentieth of that',
  (apartMs) => {
    const conditions = { ...calm, apartMs, durationMs: 10_000 * apartMs }
    const [first, ...later] = stretchesOnline(conditions, from, new Dice(1))
    expect(first).toEqual({ from: 0, to: from })
    const online = later.slice(0, -1).map((each) => each.to - each.from)
    const offline = later.slice(1).map((each, at) => each.from - (later[at]?.to ?? 0))
    const mean = (each: readonly number[]): number => each.reduce((sum, ms) => sum + ms, 0) / each.length
    expect(Math.abs(mean(offline) / apartMs - 1)).toBeLessThan(0.02)
    expect(Math.min(...offline)).toBeGreaterThanOrEqual(0.5 * apartMs)
    expect(mean(online) / apartMs).toBeCloseTo(0.05, 6)
  },
)

test('[LA35] a device that is never offline is online until the end', () => {
  expect(stretchesOnline({ ...calm, apartMs: 0 }, from, new Dice(1))).toEqual([{ from: 0, to: from + calm.durationMs }])
})

test('[LA35] devices do not come back together: the first time is anywhere in a stretch', () => {
  const firsts = Array.from(
    { length: 2_000 },
    (_, seed) => (stretchesOnline({ ...calm, durationMs: 2 * hour }, 0, new Dice(seed))[1]?.from ?? 0) / hour,
  )
  for (const share of [0.25, 0.5, 0.75])
    expect(Math.abs(firsts.filter((first) => first < share).length / firsts.length - share)).toBeLessThan(0.04)
})

test('[LA36] a person acts so many times, within the time, in sittings', () => {
  const moments = momentsOf(calm, from, new Dice(7))
  expect(moments).toHaveLength(calm.edits)
  expect(moments).toEqual(moments.toSorted((a, b) => a - b))
  expect(moments.every((at) => at >= from && at <= from + calm.durationMs)).toBe(true)
  const pauses = moments.slice(1).map((at, nth) => at - (moments[nth] ?? 0))
  const short = pauses.filter((pause) => pause < 5 * 60_000).length / pauses.length
  // Of sittings of ten and a half nine and a half are pauses within one.
  expect(short).toBeGreaterThan(0.85)
  expect(short).toBeLessThan(0.97)
})

test.each([0, 0.8, 1, 2])('[LA37] with exponent %f the k-th of ten is chosen as 1 / k ** exponent', (exponent) => {
  const dice = new Dice(3)
  const draws = 40_000
  const counts = Array.from({ length: 10 }, () => 0)
  for (let draw = 0; draw < draws; draw++) {
    const chosen = zipf(10, exponent, dice)
    counts[chosen] = (counts[chosen] ?? 0) + 1
  }
  const weights = counts.map((_, at) => (at + 1) ** -exponent)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  for (const [at, count] of counts.entries())
    expect(Math.abs(count / draws - (weights[at] ?? 0) / total)).toBeLessThan(0.01)
})

test('[LA37] of none nothing is chosen, and of one that one', () => {
  expect(zipf(0, 1, new Dice(1))).toBe(-1)
  expect(zipf(1, 1, new Dice(1))).toBe(0)
})
