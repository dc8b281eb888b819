import type { Clock } from '@rejoin/base'
import { Dice } from '@rejoin/simulator/network'
import type { Shape } from '../fields/shape.ts'
import type { Policy } from '../policies/policy.ts'
import { Device } from './device.ts'
import { declare } from './held.ts'
import type { Model } from './held.ts'

/** A model of one entity under a policy, and so many devices that hold it. */
export async function holding(policy: Policy, shape: Shape, devices: number): Promise<[Model, readonly Device[]]> {
  const model = { id: 'things-0', shape, policy, collection: declare('things', shape, policy) }
  const engineOf = await policy.open()
  let nowMs = 1_795_132_800_000
  const clock: Clock = { now: () => ++nowMs }
  const held = Array.from({ length: devices }, (_, index) => {
    const device = new Device(index, { clock, engine: engineOf(clock), dice: new Dice(index), devices })
    device.hold(model)
    return device
  })
  return [model, held]
}
