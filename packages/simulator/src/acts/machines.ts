import type { PersonAct } from './act.ts'

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
    replica.machine.sleep(
      dice.chance(0.2) ? dice.between(60_000, 600_000) : dice.between(500, 20_000),
      dice.chance(0.5),
    )
  },
} as const satisfies Record<string, PersonAct>
