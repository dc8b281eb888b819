import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from './actor.ts'
import type { Dice } from './dice.ts'
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
  /** How many kills. */
  readonly kills: number
  /** Something ended of itself: no use in going on. */
  isOver(): boolean
  show(kills: number): void
}

/** Kills and starts again until there were so many kills. All are started in the end. */
export async function rage(options: ChaosOptions): Promise<readonly Kill[]> {
  const { dice, server, replicas, isOver } = options
  const kills: Kill[] = []
  const reviving = new Set<Promise<void>>()
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
    await actorOf(victim).begin()
    if (againMs === undefined) return
    await pause(againMs)
    if (await kill(victim, false)) await actorOf(victim).begin()
  }
  const strike = async (blow: Blow, isTogether: boolean): Promise<void> => {
    if (await kill(blow.victim, isTogether)) await revive(blow)
  }

  while (kills.length < options.kills && !isOver()) {
    const { afterMs, blows } = drawStrike(dice, replicas.length)
    await pause(afterMs)
    const struck = blows.filter(({ victim }) => actorOf(victim).isAwake)
    const isTogether = struck.length > 1 && struck.some(({ victim }) => victim === 'server')
    for (const blow of struck) {
      const done = strike(blow, isTogether)
      reviving.add(done)
      void done.finally(() => reviving.delete(done))
    }
  }
  await Promise.all(reviving)
  return kills
}
