import { diceOf } from '../world/dice.ts'
import type { Dice } from '../world/dice.ts'
import { actDials, strikeDials } from './dials.ts'
import type { Dial } from './dials.ts'
import { calmConditions } from './conditions.ts'
import { faultActs, strikeKinds } from './faults.ts'
import type { FaultKind, StrikeKind } from './faults.ts'
import { workKinds } from './types.ts'
import type { Act, ActKind, Conditions, Schedule } from './types.ts'

/** What engines a world may be asked to have: Yjs alone, Automerge beside it, Automerge alone. */
export const engineMixes = ['yjs', 'mixed', 'automerge'] as const
export type EngineMix = (typeof engineMixes)[number]

export interface UnrollOptions {
  /** Only these faults; all that there are unless told. */
  readonly faults?: readonly FaultKind[] | undefined
  /** Only such worlds; as the dice of the seed fall unless told. */
  readonly engines?: EngineMix | undefined
}

/** Unrolls a seed. Each has its own mix of faults: some have many, some few, so that rare ones are not drowned. */
export function scheduleOf(seed: number, { faults, engines }: UnrollOptions = {}): Schedule {
  const dice = diceOf(seed, 'conditions')
  const conditions = {
    ...conditionsOf(dice),
    allFields: diceOf(seed, 'has', 'allFields').chance(0.5) ? 1 : 0,
    automerge: automergeOf(diceOf(seed, 'has', 'automerge'), engines),
  }
  const heat = dice.pick([0.1, 0.25, 0.6])
  const chosen = (kind: ActKind | FaultKind, { weight }: Dial): boolean => {
    const isFault = !(workKinds as readonly string[]).includes(kind)
    if (isFault && faults !== undefined && !(faults as readonly string[]).includes(kind)) return false
    return diceOf(seed, 'has', kind).chance(isFault ? Math.min(0.9, weight * heat) : weight)
  }
  const odds: Partial<Record<StrikeKind, number>> = {}
  for (const kind of strikeKinds) {
    const dial = strikeDials[kind]
    if (chosen(kind, dial)) odds[kind] = diceOf(seed, 'odds', kind).between(dial.low, dial.high)
  }
  const acts = [...workKinds, ...faultActs]
    .filter((kind) => chosen(kind, actDials[kind]))
    .flatMap((kind) => unroll(seed, kind, conditions))
    .sort((a, b) => a.atMs - b.atMs)
  return { seed, conditions, acts, strikes: 'by-odds', odds }
}

/** What the condition `automerge` of such worlds may be. */
const automergeIn: Readonly<Record<EngineMix, readonly number[]>> = { yjs: [0], mixed: [1, 2], automerge: [3] }

/** Most worlds are on Yjs alone, which is many times as fast. */
function automergeOf(dice: Dice, engines: EngineMix | undefined): number {
  const mix = dice.chance(1 / 12) ? dice.pick(['mixed', 'automerge'] as const) : 'yjs'
  return dice.pick(automergeIn[engines ?? mix])
}

function conditionsOf(dice: Dice): Conditions {
  const sometimes = (probability: number, low: number, high: number): number =>
    dice.chance(probability) ? Math.round(dice.between(low, high)) : 0
  return {
    ...calmConditions,
    replicas: dice.pick([1, 2, 2, 3, 3, 4, 5, 6]),
    chaosMs: Math.round(dice.between(6_000, 24_000)),
    delayMs: Math.round(dice.between(2, 300)),
    stallMs: Math.round(dice.chance(0.2) ? 60_000 : dice.between(1_000, 15_000)),
    storeDelayMs: sometimes(0.6, 1, 40),
    logDelayMs: sometimes(0.4, 1, 60),
    refuseOneIn: sometimes(0.4, 4, 44),
    tiny: dice.chance(0.4) ? 1 : 0,
    hostile: dice.chance(0.15) ? 1 : 0,
    apartMs: sometimes(0.2, 1, 60_000),
  }
}

function unroll(seed: number, what: ActKind, { replicas, chaosMs, hostile }: Conditions): readonly Act[] {
  const { of, low, high, once = false } = actDials[what]
  if (of === 'mallory' && hostile === 0) return []
  const meanMs = diceOf(seed, 'mean', what).between(low, high)
  const everybody = of === 'replica' ? Array.from({ length: replicas }, (_, index) => `r${index}`) : [of]
  if (once)
    return [{ atMs: Math.min(chaosMs - 1, Math.round(meanMs)), who: of === 'replica' ? 'r0' : of, what, nth: 1 }]
  return everybody.flatMap((who) => {
    const dice = diceOf(seed, 'times', what, who)
    const acts: Act[] = []
    for (let atMs = 0; ;) {
      atMs += Math.max(1, Math.round(-Math.log(1 - dice.float()) * meanMs))
      if (atMs >= chaosMs) return acts
      acts.push({ atMs, who, what, nth: acts.length + 1 })
    }
  })
}
