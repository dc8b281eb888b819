/** The simulator's time, network and chance, for other worlds than its own. */
export { Dice, diceOf } from './world/dice.ts'
export { Pipe } from './world/pipe.ts'
export { VirtualTime } from './world/time.ts'
