import type { Dice } from '../world/dice.ts'
import type { PersonAct } from './act.ts'

/** Mostly shorter than anybody's patience, sometimes longer, now and then a night. */
function sleepMs(dice: Dice): number {
  if (dice.chance(0.02)) return 8 * 3_600_000
  return dice.chance(0.2) ? dice.between(60_000, 600_000) : dice.between(500, 20_000)
}

/** What becomes of the processes of a replica. */
export const machineActs = {
  'kill': (world, person) => {
    if (!person.replica.kill()) return
    world.counts.add('kill')
    world.restart(person)
  },
  'power-cut': (world, person, dice) => {
    if (!person.replica.kill(dice)) return
    world.counts.add('power-cut')
    world.restart(person)
  },
  'hand-over': (world, person, dice) => world.attend(person.handOver(dice)),
  'sleep': (world, { replica }, dice) => {
    world.counts.add('sleep')
    replica.machine.sleep(sleepMs(dice), dice.chance(0.5))
  },
} as const satisfies Record<string, PersonAct>
