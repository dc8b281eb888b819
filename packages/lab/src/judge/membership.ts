import { areApart, saw } from './act.ts'
import type { Act } from './act.ts'
import type { Occurrences } from './occurrences.ts'
import { nothing, tallyOf } from './tally.ts'
import type { Fate, Tally, Told } from './tally.ts'

/** An act, and a thing that it puts there or takes away. */
export type Named = readonly [name: string, act: Act]

/** What was done to one thing that is there or not: an element, an item, a line, a symbol. */
export class Membership {
  readonly came: Act[] = []
  readonly left: Act[] = []

  /** What became of it after one time that it came. Whoever puts it there having seen it taken puts it there anew. */
  fateOf(coming: Act, isThere: boolean): Fate {
    if (isThere || this.left.some((leaving) => saw(leaving, coming))) return 'kept'
    return this.left.some((leaving) => areApart(leaving, coming)) ? 'overruled' : 'lost'
  }

  /** Each time that it came, somebody who knew of that took it away. */
  get isDeleted(): boolean {
    return this.came.length > 0 && this.came.every((coming) => this.left.some((leaving) => saw(leaving, coming)))
  }
}

export function membershipsOf(came: readonly Named[], left: readonly Named[]): ReadonlyMap<string, Membership> {
  const things = new Map<string, Membership>()
  const of = (name: string): Membership => {
    const known = things.get(name)
    if (known !== undefined) return known
    const made = new Membership()
    things.set(name, made)
    return made
  }
  for (const [name, act] of came) of(name).came.push(act)
  for (const [name, act] of left) of(name).left.push(act)
  return things
}

/** What is there though it was deleted, or twice, or though nobody put it there. */
export function tallyOfThings(things: ReadonlyMap<string, Membership>, shown: Occurrences): Tally {
  const deleted = [...things].filter(([, { isDeleted }]) => isDeleted)
  return {
    ...nothing,
    deletions: deleted.length,
    ghosts: deleted.filter(([name]) => shown.isEverywhere(name)).length,
    doubled: shown.doubled,
    invented: shown.unknownTo((name) => (things.get(name)?.came.length ?? 0) > 0).length,
  }
}

/** Of things that are there or not, each for itself. */
export function tallyOfMembers(things: ReadonlyMap<string, Membership>, shown: Occurrences): Tally {
  const told = [...things].flatMap(([name, thing]) =>
    thing.came.map((coming): Told => [coming, thing.fateOf(coming, shown.isAnywhere(name))]),
  )
  return { ...tallyOfThings(things, shown), ...tallyOf(told) }
}
