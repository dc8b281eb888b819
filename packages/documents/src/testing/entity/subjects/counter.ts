import { counter as declare } from '@rejoin/schema'
import type { CounterDraft } from '@rejoin/schema'
import { expectOneOf } from './concurrent.ts'
import { subject } from '../subject.ts'
import type { Subject } from '../subject.ts'

/** Every addition counts once. */
export const counter: Subject = subject<CounterDraft, number>({
  declaration: declare(),
  verbs: ['add'],
  perform(draft, { a, b }) {
    const count = b % 4 === 0 ? -a : a + 1
    draft.add(count)
    return count
  },
  fault: ({ view }, deeds) => expectOneOf(view ?? 0, [deeds.reduce((sum, { what }) => sum + what, 0)]),
  kept: (before, after, deeds, how) =>
    expectOneOf(after, [Number(before) + (how === 'undo' ? -1 : 1) * deeds.reduce((sum, count) => sum + count, 0)]),
  seed: { initial: 100, deed: 100 },
})
