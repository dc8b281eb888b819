import { stampAt } from '@rejoin/base'
import { Dice } from '@rejoin/simulator/network'
import { expect, test } from 'vitest'
import { byHybridClock, byWallClock } from '../policies/last-write-wins.ts'
import type { Policy } from '../policies/policy.ts'
import { Device } from './device.ts'
import { HybridClock } from './hybrid-clock.ts'
import { declare } from './held.ts'
import type { Model } from './held.ts'

const minute = 60_000
const noon = 1_795_132_800_000

test('[LA48] a stamp comes after all that were made and seen before, and else shows the time', () => {
  let nowMs = noon
  const stamps = new HybridClock({ now: () => nowMs })
  expect(stamps.next()).toBe(stampAt(noon))
  expect(stamps.next()).toBe(stampAt(noon) + 1)
  stamps.observe(stampAt(noon + minute))
  expect(stamps.next()).toBe(stampAt(noon + minute) + 1)
  nowMs = noon + 2 * minute
  expect(stamps.next()).toBe(stampAt(nowMs))
})

/** What the second of two devices shows of a title that both wrote; the clock of the first is a minute ahead. */
async function afterAMinuteAhead(policy: Policy): Promise<unknown> {
  const shape = { title: { kind: 'value' } } as const
  const models = ['things-0', 'things-1'].map((id): Model => ({
    id,
    shape,
    policy,
    collection: declare('things', shape, policy),
  }))
  const engineOf = await policy.open()
  const [ahead, right] = [minute, 0].map((skewMs, index) => {
    const clock = { now: () => noon + skewMs }
    const device = new Device(index, { clock, engine: engineOf(clock), dice: new Dice(index), devices: 2 })
    for (const model of models) device.hold(model)
    return device
  })
  if (ahead === undefined || right === undefined) throw new Error('There are two.')
  const [here, there] = models.map(({ id }) => id) as [string, string]
  for (const id of [here, there]) right.held(id).take(ahead.held(id).create())
  const write = (device: Device, id: string, value: string) =>
    device.held(id).do([{ do: 'set', field: 'title', value }])
  const first = write(ahead, here, 'theirs')
  right.held(there).take(write(ahead, there, 'seen'))
  // It has read the other entity of the device that is ahead, and not yet this one.
  write(right, here, 'mine')
  right.held(here).take(first)
  return right.held(here).shown?.['title']
}

test('[LA48] one clock is for all that a device holds: what it read of one entity puts it forward for all', async () => {
  expect(await afterAMinuteAhead(byHybridClock('field'))).toBe('mine')
  expect(await afterAMinuteAhead(byWallClock('field'))).toBe('theirs')
})
