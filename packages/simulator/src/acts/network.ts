import type { Dice } from '../world/dice.ts'
import type { Weather } from '../world/weather.ts'
import type { World } from '../world/world.ts'
import type { PersonAct, WorldAct } from './act.ts'

const namesIn = (world: World): readonly string[] => world.people.map(({ replica }) => replica.name)

/** Some of the machines, at least one. */
function someOf(world: World, dice: Dice): readonly string[] {
  const names = namesIn(world)
  const some = names.filter(() => dice.chance(0.6))
  return some.length > 0 ? some : [dice.pick(names)]
}

function during(world: World, names: readonly string[], weather: Partial<Weather>, ms: number): void {
  world.time.after(ms, world.network.trouble(names, weather))
}

const ofPersons = {
  'partition': (world, { replica }, dice) => {
    world.counts.add('partition')
    const weather = dice.pick([{ up: 0 }, { down: 0 }, { up: 0, down: 0 }])
    during(world, [replica.name], weather, dice.between(500, dice.chance(0.3) ? 90_000 : 10_000))
  },
  'flap': (world, { replica }, dice) => {
    world.counts.add('flap')
    for (let atMs = 0, left = 2 + dice.below(8); left > 0; left--) {
      atMs += dice.between(50, 5_000)
      world.time.after(atMs, () => world.network.breakOff(dice, 100, replica.name))
    }
  },
  'slow-link': (world, { replica }, dice) => {
    world.counts.add('slow-link')
    during(world, [replica.name], { up: 1, down: 1 }, dice.between(2_000, 30_000))
  },
} as const satisfies Record<string, PersonAct>

const ofWorld = {
  split: (world, dice) => {
    world.counts.add('split')
    during(world, someOf(world, dice), { up: 0, down: 0 }, dice.between(1_000, 20_000))
  },
  refuse: (world, dice) => {
    world.counts.add('refuse')
    const ms = dice.between(500, dice.chance(0.3) ? 120_000 : 10_000)
    during(world, namesIn(world), { refuses: true }, ms)
    world.network.breakOff(dice, 100)
    world.outage(ms)
  },
  clog: (world, dice) => {
    world.counts.add('clog')
    for (const name of namesIn(world))
      world.time.after(dice.between(0, 3_000), () =>
        during(world, [name], { up: 0, down: 0 }, dice.between(500, 9_000)),
      )
  },
} as const satisfies Record<string, WorldAct>

export const networkActs = { ofPersons, ofWorld }
