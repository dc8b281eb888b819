import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byHybridClock } from '../policies/last-write-wins.ts'
import { automerge } from '../policies/automerge.ts'
import { policies } from '../policies/index.ts'
import type { Policy } from '../policies/policy.ts'
import { yjs } from '../policies/yjs.ts'
import { run } from '../run.ts'
import type { RunResult } from '../run.ts'
import { tiny } from '../workloads/tiny.ts'
import type { Conditions } from '../world/conditions.ts'
import { World } from '../world/world.ts'
import { actsOf } from './act.ts'
import { arranging, everything } from './everything.test.helper.ts'
import { fatesOfMoves } from './moves.ts'
import { Neighbours } from './neighbours.ts'
import { Standing } from './standing.ts'
import type { Fate } from './tally.ts'
import { itemsOf } from './versions.ts'
import { backward, forgetful, frontal, haunted, inventive, stacking, stuttering, unmoved } from './wrong.test.helper.ts'

const hour = 3_600_000

const apart: Conditions = {
  name: 'apart',
  devices: 3,
  durationMs: 12 * hour,
  edits: 40,
  apartMs: hour,
  contention: 0,
  skewMs: 0,
  delayMs: 50,
  bytesPerMs: 1_000,
}

const figures = ['effects', 'lost', 'misplaced', 'startLost', 'ghosts', 'doubled', 'invented'] as const

const none = { lost: 0, misplaced: 0, startLost: 0, ghosts: 0, doubled: 0, invented: 0 }

async function sumOf(policy: Policy, seeds: number): Promise<Pick<RunResult, (typeof figures)[number]>> {
  const sum = { effects: 0, lost: 0, misplaced: 0, startLost: 0, ghosts: 0, doubled: 0, invented: 0 }
  for (let seed = 1; seed <= seeds; seed++) {
    const result = await run({ policy, workload: everything, conditions: apart, seed })
    for (const key of figures) sum[key] += result[key]
  }
  return sum
}

test('[LA21] a policy that forgets updates is seen to lose, one that stutters to double, one that is haunted to have ghosts', async () => {
  expect(await sumOf(yjs, 3)).toMatchObject(none)
  const forgotten = await sumOf(forgetful, 3)
  expect(forgotten.lost).toBeGreaterThan(0.1 * forgotten.effects)
  // A symbol that is there twice and is erased once is a ghost too.
  const { lost, doubled } = await sumOf(stuttering, 3)
  expect(lost).toBe(0)
  expect(doubled).toBeGreaterThan(10)
  const { ghosts, ...others } = await sumOf(haunted, 3)
  expect(others).toMatchObject({ lost: 0, doubled: 0 })
  expect(ghosts).toBeGreaterThan(0)
})

test('[LA21] a policy that puts things where nobody put them is seen to misplace, one that moves nothing to lose moves', async () => {
  for (const policy of [frontal, backward, stacking]) {
    const { misplaced, effects, ...others } = await sumOf(policy, 3)
    expect(others, policy.name).toMatchObject({ lost: 0, ghosts: 0, doubled: 0 })
    expect(misplaced, policy.name).toBeGreaterThan(0.02 * effects)
  }
  const { lost, overruled } = await movesUnder(unmoved, 3)
  expect(lost).toBeGreaterThan(20)
  expect(overruled).toBeLessThan(lost)
  const { ghosts, doubled, lost: others } = await sumOf(unmoved, 3)
  expect([ghosts, doubled, others > 0]).toEqual([0, 0, true])
})

test('[LA21] a policy that writes what nobody wrote is seen to invent', async () => {
  const { invented, ghosts, doubled } = await sumOf(inventive, 3)
  expect(invented).toBeGreaterThan(10)
  // The one symbol that it adds is the same each time.
  expect([ghosts, doubled > 0]).toEqual([0, true])
})

test('[LA22] what merges loses nothing, brings nothing back and doubles nothing, whatever people do', async () => {
  const conditions = fc.record({
    devices: fc.integer({ min: 2, max: 5 }),
    edits: fc.integer({ min: 5, max: 30 }),
    apartMs: fc.constantFrom(0, hour / 10, hour, 4 * hour),
    contention: fc.constantFrom(0, 2),
    skewMs: fc.constantFrom(0, 60_000),
  })
  const property = fc.asyncProperty(
    conditions,
    fc.nat(),
    fc.constantFrom(yjs, yjs, yjs, automerge),
    fc.constantFrom(everything, tiny),
    async (some, seed, policy, workload) => {
      const result = await run({ policy, workload, conditions: { ...apart, ...some }, seed })
      effects += result.effects
      expect(result).toMatchObject({ ...none, convergent: true })
    },
  )
  let effects = 0
  await fc.assert(property, { numRuns: 40 })
  // Not all were deleted.
  expect(effects).toBeGreaterThan(200)
})

async function movesUnder(policy: Policy, seeds: number): Promise<Record<Fate, number>> {
  const fates = { kept: 0, lost: 0, misplaced: 0, overruled: 0, untold: 0 }
  const engineOf = await policy.open()
  for (let seed = 1; seed <= seeds; seed++) {
    const world = new World({ policy, workload: arranging, conditions: apart, seed, engineOf })
    world.run()
    for (const id of world.models.keys()) {
      const items = world.devices[0]?.held(id).versions['items'] ?? []
      const acts = actsOf(world.ledger.of(id))
      const neighbours = new Neighbours(
        acts,
        items.map((version) => new Standing(itemsOf(version))),
      )
      for (const [, fate] of fatesOfMoves(acts, neighbours)) fates[fate]++
    }
    world.dispose()
  }
  return fates
}

test('[LA22] moves that merge are never lost, and that is no vacuous truth', async () => {
  const merged = await movesUnder(yjs, 10)
  expect(merged.lost).toBe(0)
  expect(merged.overruled).toBeGreaterThan(0)
  expect(merged.untold).toBeLessThan(merged.kept)
  expect((await movesUnder(byHybridClock('field'), 10)).lost).toBeGreaterThan(0)
})

test('[LA23] every policy keeps all of what one person does who is always online, as if done on one device', async () => {
  const alone = {
    ...everything,
    act: (person: Parameters<typeof everything.act>[0]) => (person.nth === 1 ? everything.act(person) : undefined),
  }
  for (const policy of policies) {
    const conditions = { ...apart, apartMs: 0, skewMs: 0, edits: 60 }
    const result = await run({ policy, workload: alone, conditions, seed: 7 })
    expect(result, policy.name).toMatchObject({
      lost: 0,
      overruled: 0,
      ghosts: 0,
      doubled: 0,
      distance: 0,
      interleaving: null,
    })
    expect(result.effects, policy.name).toBeGreaterThan(30)
    expect(result.concurrentPairs, policy.name).toBe(0)
  }
})

test('[LA24] what is read, changed and written back as a whole is lost to others who do so at the same time', async () => {
  for (const policy of policies.filter(({ form }) => form !== 'merging')) {
    const { lost, effects } = await sumOf(policy, 2)
    expect(lost / effects, policy.name).toBeGreaterThan(0.01)
    expect(lost / effects, policy.name).toBeLessThan(0.9)
  }
})
