import type { Engine } from '../../engine.ts'
import { otherwise } from './difference.ts'
import type { Difference } from './difference.ts'
import { Dice } from './dice.ts'
import { lifeVerbs } from './history.ts'
import type { Action, History } from './history.ts'
import { entityLaw } from './law.ts'
import type { Claim, EntityLaw } from './law.ts'
import type { Replica } from './replica.ts'
import { scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'
import * as subjects from './subjects/index.ts'
import { World } from './world.ts'

/** How far a history could be compared: to the end, or to where the engines did different things that both may do. */
export interface Compared {
  readonly actions: number
  readonly of: number
  readonly difference: Difference | undefined
}

/** Everything whose result its policy defines, but for which of two writes with equal stamps wins. */
const { text: _text, list: _list, richText: _richText, ...defined } = subjects
const parts = {
  lastWriteWinsOfOwner: subjects.lastWriteWins,
  counterOfOwner: subjects.counter,
  maxOfServer: subjects.max,
  setOfServer: subjects.set,
}
const sequences = {
  body: subjects.text,
  steps: subjects.list,
  noteOfOwner: subjects.text,
  reportOfServer: subjects.text,
}

/** An engine shows what the reference shows for the same edits, but for what no policy defines. `watch` hears how far. */
export function agreementLaws(reference: Engine, watch?: (compared: Compared) => void): readonly EntityLaw[] {
  const law = (title: string, scope: Scope): EntityLaw =>
    entityLaw(title, scope, (history) => new Agreeing(scope, reference, history, watch))
  return [
    law(
      '[DO240] every policy that defines the result gives one view on all engines',
      scopeOf({ ...defined, ...parts }),
    ),
    law(
      '[DO240] so it is where entities are made, deleted and taken back',
      scopeOf({ title: subjects.lastWriteWins, tags: subjects.set, minutes: subjects.counter }, { life: lifeVerbs }),
    ),
    law('[DO240] so it is where conflicts are settled', scopeOf({ ...defined, ...parts }, { besides: 'resolve' })),
    law('[DO240] so it is where edits are undone', scopeOf({ ...defined, ...parts }, { besides: 'undo' })),
    law(
      '[DO240] so it is where edits are refused and made again',
      scopeOf({ ...defined, ...parts }, { besides: 'remake' }),
    ),
    law('[DO241] texts and lists differ only in the order of what several inserted', scopeOf(sequences)),
    law(
      '[DO242] texts with marks differ also in which of concurrent marks hold',
      scopeOf({ essay: subjects.richText }),
    ),
  ]
}

/** Plays the history on the reference too, and compares what the replicas show. */
class Agreeing implements Claim {
  readonly #reference: World
  readonly #history: History
  readonly #watch: ((compared: Compared) => void) | undefined
  #done = 0
  #difference: Difference | undefined

  constructor(scope: Scope, reference: Engine, history: History, watch?: (compared: Compared) => void) {
    this.#reference = new World(scope, reference, history)
    this.#history = history
    this.#watch = watch
  }

  step(world: World, replica: Replica, action: Action): void {
    // After a difference, the same commands do different things.
    if (this.#difference !== undefined) return
    this.#follow(action)
    this.#compare(world, replica)
  }

  end(world: World): void {
    this.#follow(undefined)
    if (this.#difference === undefined) {
      const seed = this.#history.dice
      for (const each of [world, this.#reference]) deliverAll(each, new Dice(seed))
      for (const replica of world.replicas) this.#compare(world, replica)
    }
    this.#reference.dispose()
    this.#watch?.({ actions: this.#done, of: this.#history.actions.length, difference: this.#difference })
  }

  /** Up to this action, of which something came; undefined: to the end. */
  #follow(action: Action | undefined): void {
    const { actions } = this.#history
    while (this.#difference === undefined && this.#done < actions.length) {
      const next = actions[this.#done++]
      const replica = next && this.#reference.step(next)
      if ((replica === undefined) !== (next !== action))
        throw new Error(`of ${next?.kind} by ${next?.replica} something came with one engine only`)
      if (next === action) return
    }
  }

  #compare(world: World, replica: Replica): void {
    const other = this.#reference.replicas[replica.number]
    if (other === undefined || this.#difference !== undefined) return
    this.#difference = otherwise(world.scope, replica, other)
  }
}

function deliverAll({ replicas, writes }: World, dice: Dice): void {
  for (const replica of replicas)
    for (const piece of dice.pieces(dice.shuffled(replica.lacks(writes)), 8)) replica.take(piece)
}
