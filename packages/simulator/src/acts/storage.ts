import type { Trouble } from '../world/disk.ts'
import type { PersonAct } from './act.ts'

/** Calls fail in one way for a while. */
const trouble =
  (kind: Trouble): PersonAct =>
  (world, { replica: { disk } }, dice) => {
    if (disk.trouble !== undefined) return
    disk.trouble = kind
    world.time.after(dice.between(100, 4_000), () => (disk.trouble = undefined))
  }

/** What becomes of the disk of a replica. */
export const storageActs = {
  'store-full': trouble('store-full'),
  'store-error': trouble('store-error'),
  'store-hang': (world, person, dice) => {
    if (person.replica.disk.trouble !== undefined) return
    trouble('store-hang')(world, person, dice)
    // Nothing but a new start helps; whoever watches over the process sees that it does nothing.
    world.time.after(dice.between(4_000, 12_000), () => {
      if (person.replica.kill()) world.restart(person)
    })
  },
  'store-gone': (world, person, dice) => {
    if (!person.replica.disk.lose()) return
    world.counts.add('store-gone')
    world.time.after(dice.between(500, 6_000), () => {
      if (person.replica.kill()) world.restart(person)
    })
  },
  'evict': (world, person) => {
    if (!person.replica.kill()) return
    world.counts.add('evict')
    person.replica.disk.wipe()
    world.forgets(person, new Set())
    world.restart(person)
  },
  'rollback': (world, person, dice) => {
    const { disk, name } = person.replica
    const { age } = disk
    const copy = disk.copy()
    const kept = world.oracle.onDeviceOf(name)
    world.time.after(dice.between(200, 10_000), () => {
      // A store that was wiped, or set back further, in the meantime is not what the copy is of.
      if (disk.age !== age || !person.replica.kill()) return
      world.counts.add('rollback')
      disk.restore(copy)
      world.forgets(person, kept)
      world.restart(person)
    })
  },
  'disk-lie': (world, person, dice) => {
    const { disk, name } = person.replica
    if (disk.isLying) return
    disk.lie()
    // Another power cut may come before the one that ends the lie.
    person.hasForgotten = true
    person.isLiedTo = true
    const kept = world.oracle.onDeviceOf(name)
    world.time.after(dice.between(200, 6_000), () => {
      disk.tellTheTruth()
      world.forgets(person, kept)
      if (!person.replica.kill(dice)) return
      person.isLiedTo = false
      world.counts.add('disk-lie')
      world.restart(person)
    })
  },
  'rot': (world, person, dice) => {
    const { disk, name } = person.replica
    if (disk.trouble !== undefined) return
    disk.trouble = 'rot'
    const { flips } = disk
    world.time.after(dice.between(100, 4_000), () => {
      disk.trouble = undefined
      if (disk.flips === flips) return
      // What was damaged is fetched again; what only this device had is lost, and it says so.
      world.oracle.forgotten(name, new Set(), 'said')
      person.hasForgotten = true
    })
  },
  'clone': (world, person, dice) => world.clone(person, dice),
} as const satisfies Record<string, PersonAct>
