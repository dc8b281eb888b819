import { register } from '@rejoin/schema'
import type { Json, Policy, RegisterDraft } from '@rejoin/schema'
import type { Command } from '../history.ts'
import { subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import type { Done } from '../write.ts'
import { expectOneOf, maximaOf, notLatest, otherThanKept, otherThanMaxima, putAgain } from './concurrent.ts'
import type { Put } from './concurrent.ts'

type Register = RegisterDraft<Json, Json>

/** One value, a new one in each write, of which one of the concurrent ones is shown. */
const single = (
  policy: Policy<Json>,
  wrong: (shown: unknown, maxima: readonly Done<Put>[]) => string | undefined,
): Subject =>
  subject<Register, Put>({
    declaration: register().conflicts(policy),
    verbs: ['set', 'set', 'set', 'clear'],
    perform(draft, { verb }, fresh) {
      const over = draft.values
      const set = verb === 'clear' ? undefined : fresh()
      if (set === undefined) draft.clear()
      else draft.set(set)
      return { set, over }
    },
    fault({ view, draft }, deeds) {
      const maxima = maximaOf(deeds)
      const competing = draft === undefined ? undefined : otherThanMaxima(draft.values, maxima)
      return competing ?? (maxima.length === 0 ? expectOneOf(view, []) : wrong(view, maxima))
    },
    again: putAgain,
    kept: (before, after, deeds, how) =>
      typeof policy === 'string' ? otherThanKept(before, after, deeds.at(-1), how) : undefined,
    seed: { initial: -1, deed: { set: -1, over: [] } },
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
  stays: true,
  perform(draft, _, fresh) {
    const set = fresh()
    const isFirst = draft.values.length === 0
    draft.set(set)
    return isFirst ? { set } : undefined
  },
  fault({ view, draft }, deeds) {
    const firsts: (typeof deeds)[number][] = []
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
    stays: true,
    perform(draft, command) {
      const value = valueOf(command)
      const before = draft.value
      draft.set(value)
      return before === undefined || rank(value) > rank(before) ? value : undefined
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
