import { growSet as declareGrowSet, set as declareSet } from '@rejoin/schema'
import type { GrowSetDraft, Json, SetDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Shown, Subject } from '../subject.ts'
import type { Done } from '../write.ts'

interface Change {
  readonly add?: Json
  readonly remove?: Json
}

const elements: readonly Json[] = ['x', 'y', 7, { z: 1 }]
const elementOf = (a: number): Json => elements[a % elements.length] ?? null

function differs({ view }: Shown<unknown>, expected: ReadonlySet<string>): string | undefined {
  const texts = (Array.isArray(view) ? view : []).map((element) => JSON.stringify(element))
  const isSame = texts.length === expected.size && texts.every((text) => expected.has(text))
  return isSame ? undefined : `${shownAs(view)} instead of ${[...expected].join()}`
}

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
  fault(shown, deeds) {
    const isRemoved = (one: Done<Change>): boolean =>
      deeds.some((other) => other.what.remove === one.what.add && other.saw(one))
    const standing = deeds.filter((one) => one.what.add !== undefined && !isRemoved(one))
    return differs(shown, new Set(standing.map(({ what }) => JSON.stringify(what.add))))
  },
  seed: { initial: ['x'], deed: { add: 'x' } },
})

export const growSet: Subject = subject<GrowSetDraft<Json, Json>, Change>({
  declaration: declareGrowSet(),
  verbs: ['add'],
  perform(draft, { a }) {
    draft.add(elementOf(a))
    return { add: elementOf(a) }
  },
  fault: (shown, deeds) => differs(shown, new Set(deeds.map(({ what }) => JSON.stringify(what.add)))),
})
