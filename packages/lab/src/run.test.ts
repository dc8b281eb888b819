import { describe, expect, test } from 'vitest'
import { forgetful } from './judge/wrong.test.helper.ts'
import { manual } from './policies/manual.ts'
import { multiValue } from './policies/multi-value.ts'
import type { Policy } from './policies/policy.ts'
import { yjs } from './policies/yjs.ts'
import { run } from './run.ts'
import type { RunResult } from './run.ts'
import type { Conditions } from './world/conditions.ts'
import type { Workload } from './workloads/workload.ts'

const minute = 60_000
const online: Conditions = {
  name: 'online',
  devices: 3,
  durationMs: 10 * minute,
  edits: 10,
  apartMs: 0,
  contention: 0,
  skewMs: 0,
  delayMs: 100,
  bytesPerMs: 1_000,
}

/** Everybody names the same thing. */
const names: Workload = {
  name: 'names',
  about: 'Everybody names the same thing.',
  parameters: [],
  entities: { things: { shape: { name: { kind: 'value' } }, count: 1 } },
  act: (person) => person.choose('things')?.do({ do: 'set', field: 'name', value: person.name('name') }),
  invariants: [],
}

const ran = (policy: Policy, conditions: Conditions, seed = 1): Promise<RunResult> =>
  run({ policy, workload: names, conditions, seed })

describe('a run', () => {
  test('[LA27] is convergent only if all devices show the same in the end', async () => {
    expect((await ran(yjs, online)).convergent).toBe(true)
    const runs = await Promise.all([1, 2, 3, 4, 5].map((seed) => ran(forgetful, online, seed)))
    expect(runs.map(({ convergent }) => convergent)).toContain(false)
  })

  test('[LA28] counts a set of versions once, however many devices list it', async () => {
    // Two people write once each, at the same time or not: then there is one conflict, or none.
    const once = { ...online, devices: 2, edits: 1, apartMs: 5 * minute }
    const seeds = Array.from({ length: 20 }, (_, nth) => nth + 1)
    const runs = await Promise.all(seeds.map((seed) => ran(multiValue, once, seed)))
    const shown = runs.map(({ conflictsShown }) => conflictsShown)
    expect(shown).toEqual(runs.map(({ concurrentPairs }) => concurrentPairs))
    expect(new Set(shown)).toEqual(new Set([0, 1]))
  })

  test('[LA28] shows none that policies settle by themselves, and none is left where people settle them', async () => {
    const apart = { ...online, apartMs: 5 * minute }
    expect(await ran(yjs, apart)).toMatchObject({ conflictsShown: 0 })
    const settled = await ran(manual, apart)
    expect(settled.conflictsShown).toBeGreaterThan(0)
    // Whoever settles one makes an edit of it.
    expect(settled.edits).toBeGreaterThan(30)
  })

  test('[LA29] tells bytes and delays of what people did', async () => {
    const { edits, bytesUp, bytesDown, storageBytes, stalenessMeanMs, stalenessP95Ms } = await ran(yjs, online)
    expect(edits).toBe(30)
    // Nobody is cut off, so each frame goes up once, and down to the two other devices.
    expect(bytesDown).toBe(2 * bytesUp)
    expect(bytesUp).toBeGreaterThan(30 * 10)
    expect(storageBytes).toBeGreaterThan(10)
    // There and back, each between half and one and a half of the dial, and a frame waits for the one before it.
    expect(stalenessMeanMs).toBeGreaterThan(150)
    expect(stalenessMeanMs).toBeLessThan(250)
    expect(stalenessP95Ms).toBeGreaterThan(stalenessMeanMs)
    expect(stalenessP95Ms).toBeLessThan(310)
    const apart = await ran(yjs, { ...online, apartMs: 5 * minute })
    expect(apart.stalenessMeanMs).toBeGreaterThan(10 * stalenessMeanMs)
  })
})
