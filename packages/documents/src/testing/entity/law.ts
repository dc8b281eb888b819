import fc from 'fast-check'
import type { Engine } from '../../engine.ts'
import type { Law, LawOptions } from '../case.ts'
import { untilLost } from '../until-lost.ts'
import { anyHistory } from './any-history.ts'
import { Dice } from './dice.ts'
import { factsOf } from './facts.ts'
import type { Action, History } from './history.ts'
import { printHistory } from './notation.ts'
import type { Replica } from './replica.ts'
import type { Scope } from './scope.ts'
import { World } from './world.ts'

/** What every entity promises, on any engine. */
export interface EntityLaw extends Law {
  /** Tries one history, as a failure prints it. */
  replay(engine: Engine, history: History): void
}

/** What a law says of a world. Each throws a sentence where it does not hold. */
export interface Claim {
  /** After each action that changed something, with the replica that it happened to. */
  step?(world: World, replica: Replica, action: Action): void
  /** After all of them. */
  end(world: World, dice: Dice): void
}

export function entityLaw(title: string, scope: Scope, begin: (history: History) => Claim): EntityLaw {
  const replay = (engine: Engine, history: History, watch?: LawOptions['watch']): void => {
    const claim = begin(history)
    const world = new World(scope, engine, history)
    try {
      for (const action of history.actions) {
        const replica = world.step(action)
        if (replica !== undefined) claim.step?.(world, replica, action)
      }
      watch?.(factsOf(world))
      claim.end(world, new Dice(history.dice))
    } finally {
      world.dispose()
    }
  }
  return {
    title,
    replay,
    check(engine, { runs: numRuns = 100, seed, watch } = {}) {
      const tried = untilLost((history: History) => replay(engine, history, watch))
      const outcome = fc.check(
        fc.property(anyHistory(scope), tried),
        seed === undefined ? { numRuns } : { numRuns, seed },
      )
      if (!outcome.failed) return
      const [history] = outcome.counterexample ?? []
      if (history === undefined) throw outcome.errorInstance
      const fails = (one: History): unknown => faultOf(() => tried(one))
      const shrunk = smallest(history, fails)
      const fault = fails(shrunk) ?? outcome.errorInstance
      const sentence = fault instanceof Error ? fault.message : String(fault)
      const story = `seed ${outcome.seed}, shrunk to\n\n${printHistory(shrunk)}`
      throw new Error(`${title}\n${sentence}\n${story}`, { cause: fault })
    },
  }
}

/** Without the actions that are not needed: the last polish. */
function smallest(history: History, fails: (history: History) => unknown): History {
  for (let i = history.actions.length - 1; i >= 0; i--) {
    const without = { ...history, actions: history.actions.toSpliced(i, 1) }
    if (fails(without) !== undefined) return smallest(without, fails)
  }
  return history
}

function faultOf(run: () => void): unknown {
  try {
    run()
    return undefined
  } catch (cause) {
    return cause ?? new Error('nothing was thrown')
  }
}
