import type { Dice } from '@rejoin/simulator/network'
import { behind } from '../fields/deed.ts'
import type { Deed } from '../fields/deed.ts'
import type { Shape, Shown } from '../fields/shape.ts'
import type { Person, Workload } from '../workloads/workload.ts'

const steps = ['one', 'two', 'three', 'four']

const shape: Shape = {
  title: { kind: 'value' },
  state: { kind: 'status', steps },
  count: { kind: 'counter' },
  tags: { kind: 'set' },
  items: { kind: 'order' },
  lines: { kind: 'log' },
  stars: { kind: 'votes' },
  body: { kind: 'text' },
}

const doingTo = (fields: readonly string[]): Workload => ({
  name: `doing to ${fields.join()}`,
  about: 'Everybody does everything that can be done to three things.',
  parameters: [],
  entities: {
    things: {
      shape,
      count: 3,
      start: ({ name, symbols }) => [
        { do: 'place', field: 'items', item: name('item'), after: null, before: null },
        { do: 'type', field: 'body', symbols: symbols(3), after: null, before: null },
      ],
    },
  },
  act(person) {
    const page = person.choose('things')
    if (page === undefined) return
    const { dice } = person
    if (dice.chance(0.002)) return page.do({ do: 'delete' })
    const field = dice.pick(fields)
    const deeds = ways[field]?.(person, page.shown) ?? []
    const other = dice.chance(0.2)
      ? anyOf(
          fields.filter((name) => name !== field),
          dice,
        )
      : undefined
    const more = other === undefined ? [] : (ways[other]?.(person, page.shown) ?? [])
    page.do(...deeds, ...more)
  },
  invariants: [],
})

/** A field of each kind, and every kind of deed, also several at once. */
export const everything: Workload = doingTo(Object.keys(shape))
/** Items that are placed, moved and removed, and nothing else. */
export const arranging: Workload = doingTo(['items'])

type Way = (person: Person, shown: Shown) => readonly Deed[]

const ways: Readonly<Record<string, Way>> = {
  title: ({ name }) => [{ do: 'set', field: 'title', value: name('title') }],
  state(_, { state }) {
    const next = steps[steps.indexOf(String(state)) + 1]
    return next === undefined ? [] : [{ do: 'set', field: 'state', value: next }]
  },
  count: () => [{ do: 'add', field: 'count', amount: 2 }],
  tags: ({ dice }, { tags }) => {
    const element = `tag-${dice.below(4)}`
    return [{ do: listOf(tags).includes(element) && dice.chance(0.7) ? 'take' : 'put', field: 'tags', element }]
  },
  items({ dice, name }, { items }) {
    const there = listOf(items)
    const what = dice.below(there.length < 3 ? 1 : 6)
    const item = what > 1 ? dice.pick(there) : name('item')
    const others = there.filter((other) => other !== item)
    const spot = behind(others, anyOf([null, ...others], dice) ?? null)
    if (what === 2) return [{ do: 'remove', field: 'items', item }]
    return [{ do: what < 2 ? 'place' : 'move', field: 'items', item, ...spot }]
  },
  lines: ({ name }) => [{ do: 'append', field: 'lines', line: name('line') }],
  stars: ({ user, dice }) => [{ do: 'vote', field: 'stars', by: user, stars: 1 + dice.below(5) }],
  body({ dice, symbols }, { body }) {
    const there = [...String(body)]
    if (there.length > 5 && dice.chance(0.3)) {
      const from = dice.below(there.length)
      return [{ do: 'erase', field: 'body', symbols: there.slice(from, from + 3).join('') }]
    }
    const spot = behind(there, dice.chance(0.5) ? null : (anyOf(there, dice) ?? null))
    return [{ do: 'type', field: 'body', symbols: symbols(1 + dice.below(4)), ...spot }]
  },
}

const listOf = (value: Shown[string]): readonly string[] => (Array.isArray(value) ? (value as string[]) : [])

const anyOf = <T>(items: readonly T[], dice: Dice): T | undefined => items[dice.below(items.length)]
