import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from './actor.ts'
import type { Dice } from './dice.ts'
import type { Moments } from './moments.ts'
import type { Calls } from './parent.ts'
import { drawStrike } from './strikes.ts'
import type { Blow, Victim } from './strikes.ts'

/** A process that was killed, in which of its lives. */
export interface Kill {
  readonly victim: Victim
  readonly life: number
  /** The server and a replica fell at the same moment. */
  readonly isTogether: boolean
}

export interface ChaosOptions {
  readonly dice: Dice
  readonly server: Actor<Calls>
  readonly replicas: readonly Actor<Calls>[]
  readonly moments: Moments
  /** How many kills. */
  readonly kills: number
  /** Something went wrong: no use in going on. */
  isOver(): boolean
  show(kills: number): void
}

/** How long to wait for the moment of a strike; it may not come, as while the server is dead. */
const momentMsMax = 300

/** Kills and starts again until there were so many kills. All are started in the end. */
export async function rage(options: ChaosOptions): Promise<readonly Kill[]> {
  const { dice, server, replicas, moments, isOver } = options
  const kills: Kill[] = []
  const strikes: Promise<void>[] = []
  const actorOf = (victim: Victim): Actor<Calls> => {
    const actor = victim === 'server' ? server : replicas[victim]
    if (actor === undefined) throw new RangeError(`There is no replica ${victim}.`)
    return actor
  }
  /** Whether the victim was there to be killed. */
  const kill = async (victim: Victim, isTogether: boolean): Promise<boolean> => {
    const actor = actorOf(victim)
    if (kills.length === options.kills || !actor.isAwake) return false
    kills.push({ victim, life: actor.lives.length - 1, isTogether })
    options.show(kills.length)
    return actor.kill()
  }
  const revive = async ({ victim, deadMs, againMs }: Blow): Promise<void> => {
    await pause(deadMs)
    if (isOver()) return
    await actorOf(victim).begin()
    if (againMs === undefined) return
    await pause(againMs)
    if (await kill(victim, false)) await actorOf(victim).begin()
  }
  const strike = async (blow: Blow, isTogether: boolean): Promise<void> => {
    if (await kill(blow.victim, isTogether)) await revive(blow)
  }

  try {
    while (kills.length < options.kills && !isOver()) {
      const { afterMs, at, blows } = drawStrike(dice, replicas.length)
      await pause(afterMs)
      if (at !== undefined) await moments.next(at, momentMsMax)
      const struck = blows.filter(({ victim }) => actorOf(victim).isAwake)
      const isTogether = struck.length > 1 && struck.some(({ victim }) => victim === 'server')
      for (const blow of struck) {
        const done = strike(blow, isTogether)
        // Told at the end.
        done.catch(() => undefined)
        strikes.push(done)
      }
    }
  } finally {
    // Whoever is to come back is there before anybody goes on.
    await Promise.allSettled(strikes)
  }
  await Promise.all(strikes)
  return kills
}
