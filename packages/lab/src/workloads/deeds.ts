import type { Dice } from '@rejoin/simulator/network'
import { behind } from '../fields/deed.ts'
import type { Deed, Spot } from '../fields/deed.ts'
import type { Doing } from './acts.ts'
import { listIn, symbolsOf, votesIn } from './shown.ts'
import type { Start } from './workload.ts'

/** Gives it a value that nobody else gives anything. */
export const rename =
  (field: string): Doing =>
  ({ name }, page) =>
    page.do({ do: 'set', field, value: name(field) })

/** One of a few values, and not the one that it has. */
export const change =
  (field: string, values: readonly string[]): Doing =>
  ({ dice }, page) =>
    page.do({ do: 'set', field, value: dice.pick(values.filter((value) => value !== page.shown[field])) })

/** To its next step, now and then to the last; `otherwise` if it has come there. */
export const advance =
  (field: string, steps: readonly string[], otherwise: Doing): Doing =>
  (person, page) => {
    const later = steps.slice(steps.indexOf(String(page.shown[field])) + 1)
    const to = person.dice.chance(oneStep) ? later[0] : later.at(-1)
    if (to === undefined) otherwise(person, page)
    else page.do({ do: 'set', field, value: to })
  }

const oneStep = 0.8

export const count =
  (field: string, amount: number): Doing =>
  (_, page) =>
    page.do({ do: 'add', field, amount })

/** Puts in something of its own. */
export const putNew =
  (field: string): Doing =>
  ({ name }, page) =>
    page.do({ do: 'put', field, element: name(field) })

/** Puts in one of these if it is not there, and takes it out if it is. */
export const toggle =
  (field: string, universe: readonly string[]): Doing =>
  ({ dice }, page) => {
    const element = dice.pick(universe)
    page.do({ do: listIn(page.shown, field).includes(element) ? 'take' : 'put', field, element })
  }

export const append =
  (field: string): Doing =>
  ({ name }, page) =>
    page.do({ do: 'append', field, line: name(field) })

/** Places something of its own anywhere. */
export const place =
  (field: string): Doing =>
  ({ name, dice }, page) =>
    page.do({ do: 'place', field, item: name(field), ...anywhere(listIn(page.shown, field), dice) })

/** Moves something to another place; where there are not two things, there will be. */
export const move =
  (field: string): Doing =>
  (person, page) => {
    const items = listIn(page.shown, field)
    if (items.length < 2) return place(field)(person, page)
    const at = person.dice.below(items.length)
    const item = items[at] ?? ''
    const here = items[at - 1] ?? null
    const places = [null, ...items].filter((after) => after !== item && after !== here)
    const others = items.filter((other) => other !== item)
    page.do({ do: 'move', field, item, ...person.dice.pick(places.map((after) => behind(others, after))) })
  }

/** Removes something; where there is nothing, there will be. */
export const remove =
  (field: string): Doing =>
  (person, page) => {
    const items = listIn(page.shown, field)
    if (items.length === 0) return place(field)(person, page)
    page.do({ do: 'remove', field, item: person.dice.pick(items) })
  }

/** From one to five stars, as the user who it is, and not as many as before. */
export const vote =
  (field: string): Doing =>
  ({ dice, user: by }, page) => {
    const before = votesIn(page.shown, field)[by]
    page.do({ do: 'vote', field, by, stars: dice.pick([1, 2, 3, 4, 5].filter((stars) => stars !== before)) })
  }

/** Types a word: at the end, or anywhere. */
export const typeWord =
  (field: string): Doing =>
  ({ dice, symbols }, page) => {
    const there = symbolsOf(page.shown, field)
    const spot = dice.chance(atTheEnd) ? behind(there, there.at(-1) ?? null) : anywhere(there, dice)
    page.do({ do: 'type', field, symbols: symbols(wordLength), ...spot })
  }

const wordLength = 6
const atTheEnd = 0.5

/** Erases what stands together, as long as a word; where there is nothing, there will be. */
export const eraseWord =
  (field: string): Doing =>
  (person, page) => {
    const there = symbolsOf(page.shown, field)
    if (there.length === 0) return typeWord(field)(person, page)
    const from = person.dice.below(there.length)
    page.do({ do: 'erase', field, symbols: there.slice(from, from + wordLength).join('') })
  }

/** Mostly types, and erases one word of five: what the sessions that were recorded do, about. */
export const write =
  (field: string): Doing =>
  (person, page) =>
    person.dice.chance(0.8) ? typeWord(field)(person, page) : eraseWord(field)(person, page)

export const deleteIt: Doing = (_, page) => page.do({ do: 'delete' })

/** What an order begins with. */
export function items({ name }: Start, field: string, howMany: number): readonly Deed[] {
  const names = Array.from({ length: howMany }, () => name(field))
  return names.map((item, at) => ({ do: 'place', field, item, after: names[at - 1] ?? null, before: null }))
}

const anywhere = (there: readonly string[], dice: Dice): Spot =>
  behind(there, there[dice.below(there.length + 1)] ?? null)
