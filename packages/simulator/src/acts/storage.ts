import type { Trouble } from '../world/disk.ts'
import type { PersonAct } from './perform.ts'

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
    trouble('store-hang')(world, person, dice)
    // Nothing but a new start helps; whoever watches over the process sees that it does nothing.
    world.time.after(dice.between(4_000, 12_000), () => {
      if (person.replica.kill()) world.restart(person)
    })
  },
  'store-gone': (world, person, dice) => {
    world.counts.add('store-gone')
    person.replica.disk.lose()
    world.time.after(dice.between(500, 6_000), () => {
      if (person.replica.kill()) world.restart(person)
    })
  },
} as const satisfies Record<string, PersonAct>
