import { startChild } from './child.ts'
import type { Child, ChildStart } from './child.ts'
import type { Moment } from './moments.ts'
import type { Calls } from './parent.ts'

/** One of the processes of a round over all its lives. */
export interface Actor<C extends Calls> {
  readonly name: string
  /** Its lives so far, and the one that is being lived. */
  readonly lives: readonly Life[]
  readonly child: Child<C>
  /** Its program is loaded, and it was not killed: a kill hits our code. */
  readonly isAwake: boolean
  /** Resolves when it is awake, or will never be. */
  begin(): Promise<void>
  /** SIGKILL. Resolves with whether there was anybody to kill, once it is gone. */
  kill(): Promise<boolean>
}

export interface Life {
  readonly name: string
  readonly ledger: string
}

export interface ActorOptions {
  readonly name: string
  readonly entry: ChildStart['entry']
  readonly cache: string
  /** Where its ledgers lie. */
  readonly folder: string
  /** How a life starts. */
  start(life: Life, number: number): object
  told(moment: Moment): void
  died(message: string): void
}

export function createActor<C extends Calls>({
  name,
  entry,
  cache,
  folder,
  start,
  told,
  died,
}: ActorOptions): Actor<C> {
  const lives: Life[] = []
  let child: Child<C> | undefined
  let isAwake = false
  const present = (): Child<C> => {
    if (child === undefined) throw new Error(`${name} was never started.`)
    return child
  }
  return {
    name,
    lives,
    get child() {
      return present()
    },
    get isAwake() {
      return isAwake
    },
    begin: async () => {
      const life: Life = { name: `${name}.${lives.length}`, ledger: `${folder}/${name}.${lives.length}.jsonl` }
      lives.push(life)
      const begun = startChild<C>({
        entry,
        cache,
        told,
        start: start(life, lives.length - 1),
        errors: `${folder}/${life.name}.err`,
        died: (how) => {
          isAwake = false
          died(`The process of ${life.name} ended of itself (${how}).`)
        },
      })
      child = begun
      await begun.awake
      isAwake = !begun.isGone
    },
    kill: async () => {
      isAwake = false
      return child !== undefined && child.kill()
    },
  }
}
