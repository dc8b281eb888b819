import type { Dice } from '../world/dice.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'

/** What happens in an act of one replica. */
export type PersonAct = (world: World, person: Person, dice: Dice) => void
/** What happens in an act of the server or the network. */
export type WorldAct = (world: World, dice: Dice) => void
