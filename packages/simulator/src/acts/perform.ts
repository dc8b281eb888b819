import type { Act, ActKind } from '../schedule/types.ts'
import { mallory } from '../world/principals.ts'
import type { World } from '../world/world.ts'
import type { PersonAct, WorldAct } from './act.ts'
import { clockActs } from './clocks.ts'
import { entityActs } from './entities.ts'
import { machineActs } from './machines.ts'
import { networkActs } from './network.ts'
import { peopleActs } from './people.ts'
import { serverActs } from './server.ts'
import { storageActs } from './storage.ts'

const ofPersons: Readonly<Partial<Record<ActKind, PersonAct>>> = {
  ...peopleActs,
  ...entityActs,
  ...machineActs,
  ...storageActs,
  ...clockActs,
  ...networkActs.ofPersons,
}
const ofWorld: Readonly<Partial<Record<ActKind, WorldAct>>> = {
  ...serverActs,
  ...networkActs.ofWorld,
}

/** Does what the schedule says. What a machine is not able to do, asleep or dead, does not happen. */
export function perform(world: World, act: Act): void {
  const dice = world.diceOf(act)
  if (act.who === mallory) return world.intruder?.act(act, dice)
  const person = world.people.find(({ replica }) => replica.name === act.who)
  if (person === undefined) return ofWorld[act.what]?.(world, dice)
  if (!person.replica.machine.isAsleep) ofPersons[act.what]?.(world, person, dice)
}
