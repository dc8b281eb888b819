import { register } from '@rejoin/schema'
import type { Json, Policy, RegisterDraft } from '@rejoin/schema'
import type { Command } from '../history.ts'
import { subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import { expectOneOf, maximaOf, notLatest, otherThanMaxima } from './concurrent.ts'
import type { DoneSet, Put } from './concurrent.ts'

type Register = RegisterDraft<Json, Json>

/** One value, a new one in each write, of which one of the concurrent ones is shown. */
const single = (policy: Policy<Json>, wrong: (shown: unknown, maxima: readonly DoneSet[]) => string | undefined) =>
  subject<Register, Put>({
    declaration: register().conflicts(policy),
    verbs: ['set', 'set', 'set', 'clear'],
    perform(draft, { verb }, fresh) {
      if (verb === 'clear') {
        draft.clear()
        return 'clear'
      }
      const value = fresh()
      draft.set(value)
      return { set: value }
    },
    fault({ view, draft }, deeds) {
      const maxima = maximaOf(deeds)
      const competing = draft === undefined ? undefined : otherThanMaxima(draft.values, maxima)
      return competing ?? (maxima.length === 0 ? expectOneOf(view, []) : wrong(view, maxima))
    },
    seed: { initial: -1, deed: { set: -1 } },
  })

export const lastWriteWins: Subject = single('last-write-wins', notLatest)
export const manual: Subject = single('manual', notLatest)
export const resolved: Subject = single(
  { resolve: (values) => values.reduce<number>((sum, value) => sum + Number(value), 0) },
  (shown, maxima) => expectOneOf(shown, [maxima.reduce((sum, { what }) => sum + Number(what.set), 0)]),
)

/** Whoever sees a value does not write over it; so the values that were really written knew nothing of each other. */
export const firstWriteWins: Subject = subject<Register, { readonly set: number }>({
  declaration: register().conflicts('first-write-wins'),
  verbs: ['set'],
  perform(draft, _, fresh) {
    const set = fresh()
    draft.set(set)
    return { set }
  },
  fault({ view, draft }, deeds) {
    const firsts: DoneSet[] = []
    for (const one of deeds) if (!firsts.some((other) => one.saw(other))) firsts.push(one)
    const least = Math.min(...firsts.map(({ write }) => write.stamp))
    const winners = firsts.filter(({ write }) => write.stamp === least).map(({ what }) => what.set)
    return (draft && otherThanMaxima(draft.values, firsts)) ?? expectOneOf(view, winners)
  },
})

const number = ({ a, b }: Command): number => (a * 7 + b) % 30

/** Of all that was ever written the one that stands highest; small numbers, so that the same ones are written again. */
const highest = (policy: Policy<Json>, valueOf: (command: Command) => Json, rank: (value: unknown) => number) =>
  subject<Register, Json>({
    declaration: register().conflicts(policy),
    verbs: ['set'],
    perform(draft, command) {
      const value = valueOf(command)
      draft.set(value)
      return value
    },
    fault({ view }, deeds) {
      const best = Math.max(...deeds.map(({ what }) => rank(what)))
      return expectOneOf(
        view,
        deeds.map(({ what }) => what).filter((value) => rank(value) === best),
      )
    },
    relapse: (before, after) =>
      before === undefined || rank(after) >= rank(before)
        ? undefined
        : `it fell back from ${String(before)} to ${String(after)}`,
  })

export const max: Subject = highest('max', number, Number)
export const min: Subject = highest('min', number, (value) => -Number(value))

const steps = ['lead', 'offer', 'sold', 'paid', 'closed']
export const order: Subject = highest(
  { order: steps },
  (command) => steps[number(command) % steps.length] ?? '',
  (value) => steps.indexOf(String(value)),
)
