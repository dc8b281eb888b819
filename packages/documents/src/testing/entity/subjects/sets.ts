import { growSet as declareGrowSet, set as declareSet } from '@rejoin/schema'
import type { GrowSetDraft, Json, SetDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Shown, Subject } from '../subject.ts'
import type { Done } from '../write.ts'
import { expectOneOf } from './concurrent.ts'

interface Change {
  readonly add?: Json
  readonly remove?: Json
  /** It was made again: then it takes out what its author saw stand, which may be less than all that was added. */
  readonly isAgain?: boolean
}

const elements: readonly Json[] = ['x', 'y', 7, { z: 1 }]
const elementOf = (a: number): Json => elements[a % elements.length] ?? null

function differs({ view }: Shown<unknown>, expected: ReadonlySet<string>): string | undefined {
  const texts = (Array.isArray(view) ? view : []).map((element) => JSON.stringify(element))
  const isSame = texts.length === expected.size && texts.every((text) => expected.has(text))
  return isSame ? undefined : `${shownAs(view)} instead of ${[...expected].join()}`
}

const isShown =
  ({ view }: Shown<unknown>) =>
  (text: string): boolean =>
    Array.isArray(view) && view.some((element) => JSON.stringify(element) === text)

/** An addition stands unless it was removed by somebody who had seen it. */
export const set: Subject = subject<SetDraft<Json, Json>, Change>({
  declaration: declareSet(),
  verbs: ['add', 'add', 'delete'],
  perform(draft, { verb, a }) {
    const element = elementOf(a)
    if (verb === 'add') draft.add(element)
    else draft.delete(element)
    return verb === 'add' ? { add: element } : { remove: element }
  },
  again: (what) => ({ ...what, isAgain: true }),
  kept(before, after, deeds) {
    const own = new Set(deeds.map(({ add, remove }) => JSON.stringify(add ?? remove)))
    const others = (view: unknown): string =>
      (Array.isArray(view) ? view : [])
        .map((element) => JSON.stringify(element))
        .filter((text) => !own.has(text))
        .join()
    return expectOneOf(others(after), [others(before)])
  },
  fault(shown, deeds) {
    const removals = deeds.filter(({ what }) => what.remove !== undefined)
    const standing = (by: readonly Done<Change>[]): readonly Done<Change>[] =>
      deeds.filter(
        (one) =>
          one.what.add !== undefined && !by.some((other) => other.what.remove === one.what.add && other.saw(one)),
      )
    const certain = new Set(standing(removals).map(({ what }) => JSON.stringify(what.add)))
    const possible = standing(removals.filter(({ what }) => what.isAgain !== true))
    const shownOnes = new Set(possible.map(({ what }) => JSON.stringify(what.add)).filter(isShown(shown)))
    return differs(shown, new Set([...shownOnes, ...certain]))
  },
  seed: { initial: ['x'], deed: { add: 'x' } },
})

export const growSet: Subject = subject<GrowSetDraft<Json, Json>, Change>({
  declaration: declareGrowSet(),
  verbs: ['add'],
  stays: true,
  perform(draft, { a }) {
    draft.add(elementOf(a))
    return { add: elementOf(a) }
  },
  fault: (shown, deeds) => differs(shown, new Set(deeds.map(({ what }) => JSON.stringify(what.add)))),
})
