import { describe, expect, test } from 'vitest'
import { policies } from '../policies/index.ts'
import type { Policy } from '../policies/policy.ts'
import { yjs } from '../policies/yjs.ts'
import { run } from '../run.ts'
import { rename } from '../workloads/deeds.ts'
import { tiny } from '../workloads/tiny.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Conditions } from './conditions.ts'
import { World } from './world.ts'

const apart: Conditions = {
  name: 'apart',
  devices: 3,
  durationMs: 120_000,
  edits: 6,
  apartMs: 20_000,
  contention: 0.5,
  skewMs: 1_000,
  delayMs: 50,
  bytesPerMs: 100,
}

/** What people do here does not depend on what they see. */
const blind: Workload = {
  name: 'blind',
  about: 'People name things, whatever they are called.',
  parameters: [],
  entities: { things: { shape: { title: { kind: 'value' }, note: { kind: 'value' } }, count: 4 } },
  act(person) {
    const page = person.choose('things')
    if (page !== undefined) rename(person.dice.pick(['title', 'note']))(person, page)
  },
  invariants: [],
}

async function lived(policy: Policy, workload: Workload, conditions: Conditions, seed: number): Promise<World> {
  const world = new World({ policy, workload, conditions, seed, engineOf: await policy.open() })
  world.run()
  return world
}

describe.each(policies)('under $name', (policy) => {
  test('[LA34] a seed does the same thing twice, and another one another', async () => {
    const once = async (seed: number): Promise<unknown> => {
      const result = await run({ policy, workload: tiny, conditions: apart, seed })
      return { ...result, cpuMs: 0 }
    }
    const first = await once(1)
    expect(await once(1)).toEqual(first)
    expect(await once(2)).not.toEqual({ ...(first as object), seed: 2 })
  })

  test('[LA38] people do the same at the same time, whatever the policy, unless they see something else', async () => {
    const done = async (each: Policy) => {
      const world = await lived(each, blind, apart, 5)
      world.dispose()
      const { ledger, devices } = world
      // The creation of everything is no act, nor is what people settle afterwards.
      const acts = ledger.edits.filter(({ deeds }) => deeds.length > 0)
      return {
        acts: acts.map(({ author, atMs, entity, deeds }) => ({ author, atMs, entity, deeds })),
        connections: devices.map(({ connections }) => connections),
      }
    }
    const here = await done(policy)
    expect(here.acts).toHaveLength(apart.devices * apart.edits)
    expect(Math.min(...here.connections)).toBeGreaterThan(2)
    expect(here).toEqual(await done(yjs))
  })

  test('[LA39] in the end every device has every edit and nothing on its way, and has seen what it has', async () => {
    const world = await lived(policy, tiny, apart, 3)
    const { edits } = world.ledger
    const made = world.devices.map(({ index }) => edits.filter(({ author }) => author === index).length)
    for (const device of world.devices) {
      expect(device.seen).toEqual(made)
      expect([device.isEmpty, device.cursor]).toEqual([true, edits.length])
    }
    for (const [at, { author, nth, seen }] of edits.entries()) {
      expect(nth).toBe(edits.slice(0, at + 1).filter((edit) => edit.author === author).length)
      expect(seen[author]).toBe(nth - 1)
      // Nobody has seen what nobody has done yet.
      for (const [other, count] of seen.entries())
        expect(count).toBeLessThanOrEqual(edits.slice(0, at).filter((edit) => edit.author === other).length)
    }
    world.dispose()
  })
})

test('[LA39] a device that is never offline has seen what others did more than a moment ago', async () => {
  const world = await lived(yjs, blind, { ...apart, apartMs: 0, edits: 30 }, 4)
  for (const edit of world.ledger.edits)
    for (const earlier of world.ledger.edits)
      if (earlier.atMs < edit.atMs - 1_000) expect(edit.seen[earlier.author]).toBeGreaterThanOrEqual(earlier.nth)
  world.dispose()
})

test('[LA38] clocks are wrong by at most the dial, and differ', async () => {
  const times: number[][] = []
  const skews = async (skewMs: number): Promise<readonly number[]> => {
    const engineOf = await yjs.open()
    const nows: number[] = []
    const conditions = { ...apart, devices: 40, skewMs }
    const world = new World({
      policy: yjs,
      workload: blind,
      conditions,
      seed: 6,
      engineOf: (clock) => {
        nows.push(clock.now())
        return engineOf(clock)
      },
    })
    world.dispose()
    times.push(nows)
    return nows
  }
  const [right] = await skews(0)
  expect(new Set(times[0]).size).toBe(1)
  const wrong = (await skews(60_000)).map((now) => now - (right ?? 0))
  expect(Math.max(...wrong.map(Math.abs))).toBeLessThanOrEqual(60_000)
  expect(Math.max(...wrong)).toBeGreaterThan(40_000)
  expect(Math.min(...wrong)).toBeLessThan(-40_000)
})
