import type { Dice } from './dice.ts'
import type { Moment } from './moments.ts'

/** Who is killed: the server, or a replica by number. */
export type Victim = 'server' | number

/** What happens to one victim. */
export interface Blow {
  readonly victim: Victim
  /** How long it stays dead. */
  readonly deadMs: number
  /** How long after its next program begins it is killed again, often before it is open; undefined: not. */
  readonly againMs: number | undefined
}

/** Kills at one moment. */
export interface Strike {
  /** So long after the strike before. */
  readonly afterMs: number
  /** Then at the very moment when a replica is told this. */
  readonly at: Moment | undefined
  readonly blows: readonly Blow[]
}

const betweenMsMax = 400
const deadMsMax = 120
/** Now and then; so that the others go on without it for a while. */
const longDeadMsMax = 1_500
/** Opening takes about 30 ms, connecting and catching up as long again; on a busy machine more. */
const againMsMax = 100
const againOdds = 0.3

export function drawStrike(dice: Dice, replicas: number): Strike {
  const afterMs = dice.between(0, betweenMsMax)
  const at = dice.pick([[], [], ['device'], ['acked'], ['acked']] as const)[0]
  return { afterMs, at, blows: drawVictims(dice, replicas).map((victim) => drawBlow(dice, victim)) }
}

function drawVictims(dice: Dice, replicas: number): readonly Victim[] {
  const all = Array.from({ length: replicas }, (_, i) => i)
  const who = dice.next()
  if (who < 0.35) return [dice.pick(all)]
  if (who < 0.7) return all.filter(() => dice.chance(0.6))
  if (who < 0.8) return ['server']
  if (who < 0.92) return ['server', dice.pick(all)]
  return ['server', ...all]
}

function drawBlow(dice: Dice, victim: Victim): Blow {
  const shortly = dice.chance(0.4) ? 0 : dice.between(0, deadMsMax)
  const deadMs = dice.chance(0.04) ? dice.between(deadMsMax, longDeadMsMax) : shortly
  const againMs = dice.between(5, againMsMax)
  return { victim, deadMs, againMs: dice.chance(againOdds) ? againMs : undefined }
}
