import type { PersonAct } from './act.ts'

/** What people do at their replicas. */
export const peopleActs = {
  edit: (world, person, dice) => world.attend(person.edit(dice)),
  write: (world, person, dice) => world.attend(person.write(dice)),
  look: (world, person, dice) => world.attend(person.look(dice)),
  move: (world, person, dice) => {
    // An edit that has just begun may be of the space that is being left.
    if (dice.chance(0.5)) world.attend(person.edit(dice))
    world.attend(person.move(dice))
  },
  repair: (world, person, dice) => world.attend(person.repair(dice)),
  offline: (world, person, dice) => {
    const { replica } = person
    if (replica.life === undefined) return
    world.counts.add('offline')
    replica.life.rejoin.goOffline()
    const { machine } = replica
    world.time.after(dice.between(100, 8_000), () =>
      machine.run(() => {
        world.comesBack(replica.name)
        replica.life?.rejoin.goOnline()
        // Somebody may come or go while the two sides are still greeting each other.
        const moves = (): void => machine.run(() => world.attend(person.move(dice)))
        if (dice.chance(0.3)) world.time.after(dice.between(0, 600), moves)
      }),
    )
  },
  away: (world, person) => {
    world.counts.add('away')
    world.away = person
    person.replica.kill()
  },
} as const satisfies Record<string, PersonAct>
