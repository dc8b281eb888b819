import type { PersonAct } from './perform.ts'

/** What becomes of the disk of a replica. */
export const storageActs = {
  'store-full': (world, { replica }, dice) => {
    replica.disk.isFull = true
    world.time.after(dice.between(100, 4_000), () => (replica.disk.isFull = false))
  },
} as const satisfies Record<string, PersonAct>
