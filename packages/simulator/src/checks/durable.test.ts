import { expect, test } from 'vitest'
import { VirtualDisk } from '../disk/virtual-disk.ts'
import { calmConditions } from '../schedule/conditions.ts'
import { diceOf } from '../world/dice.ts'
import { World } from '../world/world.ts'
import { checkDurable, diskWhenLevel } from './durable.ts'
import { readAll } from './pages.ts'

/** A calm world in which one person has edited a little, and everything is said. */
async function written() {
  const world = new World({ seed: 1, conditions: calmConditions, acts: [], strikes: [], odds: {} }, {})
  const [person] = world.people
  if (person === undefined) throw new Error('Nobody is there.')
  world.startServer()
  await world.finish('the start', person.start())
  for (const nth of [1, 2, 3]) await world.finish('an edit', person.edit(diceOf(1, 'edit', nth)))
  await world.time.runUntil(10_000)
  const rejoin = person.replica.life?.rejoin
  if (rejoin === undefined) throw new Error('The replica is not open.')
  const expected = await world.finish('the reading', readAll(rejoin, world.oracle.places))
  return { world, person, expected: expected ?? new Map() }
}

test('[SI7] found is a replica that says it is level while its disk lacks what it shows', async () => {
  const { world, person, expected } = await written()
  expect(expected.size).toBeGreaterThan(0)
  const disk = diskWhenLevel(person)() ?? expect.fail('it is level')
  await checkDurable(world, 'r0', disk, expected)
  expect(world.wrong).toEqual([])
  await checkDurable(world, 'r0', new VirtualDisk(), expected)
  expect(world.wrong).toHaveLength(expected.size)
  expect(world.wrong[0]).toMatch(/^\[I19\] /)
})
