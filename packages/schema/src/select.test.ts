import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { collection } from './collection.ts'
import { counter, list, map, register, set, text } from './fields.ts'
import type { View } from './infer.ts'
import { number, oneOf, string } from './schemas.test.helper.ts'
import { select } from './select.ts'
import type { OrderBy, Query, Where } from './select.ts'

const notes = collection(
  'notes',
  {
    title: register(string),
    status: register(oneOf('open', 'done')),
    anything: register(),
    body: text(),
    tags: set(string),
    steps: list(number),
    minutes: counter(),
    settings: map(string),
    rating: register(number).writtenBy('owner'),
  },
  { derive: { hours: (note) => note.minutes / 60, isLong: (note) => note.body.length > 10 } },
)
type Note = View<typeof notes>

const note = (id: string, more: Partial<Note> = {}): Note => ({
  id,
  title: undefined,
  status: undefined,
  anything: undefined,
  body: '',
  tags: [],
  steps: [],
  minutes: 0,
  settings: {},
  rating: {},
  hours: (more.minutes ?? 0) / 60,
  isLong: false,
  ...more,
})
const all = [
  note('a', { title: 'Zebra', status: 'open', minutes: 5, tags: ['x'], steps: [1, 2], anything: { a: 1, b: [2] } }),
  note('b', { title: 'Apple', status: 'done', minutes: 90, tags: ['x', 'y'], anything: 7 }),
  note('c', { minutes: -3, body: 'Light' }),
  note('d', { title: 'Apple', status: 'open', minutes: 5, anything: 'seven' }),
]
const ids = (query: Query<typeof notes>): string =>
  select(all, query)
    .map(({ id }) => id)
    .join('')

describe('queries', () => {
  test.each<[Where<typeof notes>, string]>([
    [{}, 'abcd'],
    [{ status: 'open' }, 'ad'],
    [{ status: 'open', title: 'Apple' }, 'd'],
    [{ status: undefined }, 'abcd'],
    [{ status: { is: undefined } }, 'c'],
    [{ status: { not: 'open' } }, 'bc'],
    [{ status: { not: undefined } }, 'abd'],
    [{ status: { in: ['open', undefined] } }, 'acd'],
    [{ status: { in: [] } }, ''],
    [{ minutes: 5 }, 'ad'],
    [{ minutes: { above: 5 } }, 'b'],
    [{ minutes: { atLeast: 5 } }, 'abd'],
    [{ minutes: { below: 5 } }, 'c'],
    [{ minutes: { atMost: 5, not: -3 } }, 'ad'],
    [{ minutes: { above: undefined } }, 'abcd'],
    [{ title: { above: 'B' } }, 'a'],
    [{ title: { atMost: 'Apple' } }, 'bd'],
    [{ tags: { has: 'y' } }, 'b'],
    [{ tags: ['x', 'y'] }, 'b'],
    [{ tags: { is: [] } }, 'cd'],
    [{ steps: { has: 2 } }, 'a'],
    [{ anything: { is: { b: [2], a: 1 } } }, 'a'],
    [{ anything: { above: 3 } }, 'b'],
    [{ anything: { above: 's' } }, 'd'],
    [{ hours: { atLeast: 1.5 } }, 'b'],
    [{ body: 'Light' }, 'c'],
    [{ id: { in: ['a', 'c'] } }, 'ac'],
  ])('[SC20] %j selects %s', (where, expected) => expect(ids({ where })).toBe(expected))

  test.each<[OrderBy<typeof notes>, string]>([
    ['title', 'bdac'],
    [{ title: 'ascending' }, 'bdac'],
    [{ title: 'descending' }, 'abdc'],
    ['minutes', 'cadb'],
    [{ minutes: 'descending' }, 'badc'],
    [['title', { minutes: 'ascending' }], 'dbac'],
    [[{ status: 'descending' }, { id: 'descending' }], 'dabc'],
    ['hours', 'cadb'],
    [[], 'abcd'],
  ])('[SC21] ordered by %j: %s', (orderBy, expected) => expect(ids({ orderBy })).toBe(expected))

  test('[SC21] the order is the same whatever it was before, and the first ones are those of the limit', () => {
    const shuffled = fc.shuffledSubarray(all, { minLength: all.length })
    const orders = fc.constantFrom<OrderBy<typeof notes>>('title', { status: 'descending' }, ['minutes', 'title'], 'id')
    fc.assert(
      fc.property(shuffled, orders, fc.nat(6), (views, orderBy, limit) => {
        expect(select(views, { orderBy, limit })).toEqual(select(all, { orderBy }).slice(0, limit))
      }),
    )
  })

  test('[SC21] numbers stand before texts, these before false and true, and all of them before the rest', () => {
    const mixed = [true, 'a', null, 2, false, 10, '1', undefined, {}].map((value, n) => ({ id: `${n}`, value }))
    const sorted = select(mixed, { orderBy: 'value' }).map(({ value }) => value)
    expect(sorted).toEqual([2, 10, '1', 'a', false, true, null, undefined, {}])
    const down = select(mixed, { orderBy: { value: 'descending' } as never }).map(({ value }) => value)
    expect(down).toEqual([true, false, 'a', '1', 10, 2, null, undefined, {}])
  })

  test('[SC22] a query that is none is refused, also where there is nothing to select from', () => {
    const wrong: [unknown, RegExp][] = [
      [{ where: { minutes: { over: 5 } } }, /^where: minutes takes a value or is, not, in, above/],
      [{ where: { minutes: { constructor: 5 } } }, /^where: minutes/],
      [{ where: { minutes: { above: {} } } }, /^where: minutes/],
      [{ where: { status: { in: 'open' } } }, /^where: status/],
      [{ orderBy: { title: 'up' } }, /^orderBy takes/],
      [{ orderBy: [5] }, /^orderBy takes/],
      [{ limit: -1 }, /^limit is a whole number/],
      [{ limit: 0.5 }, /^limit is a whole number/],
    ]
    for (const [query, message] of wrong) {
      expect(() => select([], query as Query)).toThrow(expect.objectContaining({ kind: 'bad-config' }))
      expect(() => select([], query as Query)).toThrow(message)
    }
    expect(select(all, { limit: 0 })).toEqual([])
  })

  test('[SC20] nothing that was given is changed', () => {
    const views = Object.freeze(all.map((view) => Object.freeze(view)))
    expect(select(views, { orderBy: 'title', limit: 1 })).toEqual([all[1]])
    expect(views.map(({ id }) => id).join('')).toBe('abcd')
  })
})

describe('types of queries', () => {
  test('[SC23] conditions have the types of the view, derived values among them', () => {
    expectTypeOf<{ status: 'open'; minutes: { above: 5 }; tags: { has: 'x' }; hours: { below: 2 } }>().toExtend<
      Where<typeof notes>
    >()
    const wrong: Where<typeof notes>[] = [
      // @ts-expect-error no such state
      { status: 'opened' },
      // @ts-expect-error no such state
      { status: { in: ['opened'] } },
      // @ts-expect-error no such field
      { state: 'open' },
      // @ts-expect-error no number
      { minutes: { above: '5' } },
      // @ts-expect-error a set of texts
      { tags: { has: 5 } },
      // @ts-expect-error sets have no size order
      { tags: { above: 5 } },
      // @ts-expect-error numbers hold nothing
      { minutes: { has: 5 } },
      // @ts-expect-error no such test
      { minutes: { over: 5 } },
    ]
    expectTypeOf(wrong).toBeArray()
  })

  test('[SC23] sorting is by fields whose values have an order', () => {
    type Names = 'id' | 'title' | 'status' | 'body' | 'minutes' | 'hours' | 'isLong'
    expectTypeOf<Extract<OrderBy<typeof notes>, string>>().toEqualTypeOf<Names>()
    const wrong: OrderBy<typeof notes>[] = [
      // @ts-expect-error lists have no order
      'tags',
      // @ts-expect-error any JSON has none
      { anything: 'ascending' },
      // @ts-expect-error one value per user
      ['title', { rating: 'descending' }],
      // @ts-expect-error no such direction
      { title: 'down' },
    ]
    expectTypeOf(wrong).toBeArray()
    expectTypeOf(select(all, { orderBy: 'title' })).toEqualTypeOf<readonly Note[]>()
    // Of a collection that is not known any name goes.
    expectTypeOf<{ where: { anything: 5 }; orderBy: 'anything' }>().toExtend<Query>()
  })
})
