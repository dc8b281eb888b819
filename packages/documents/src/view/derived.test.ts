import { collection, counter, register, text } from '@rejoin/schema'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { id, keyOf, replica, updatesOf } from '../replicas.test.helper.ts'
import { number, string } from '../schemas.test.helper.ts'
import { viewOf } from './view.ts'
import { yjs } from '../yjs/index.ts'

const fields = {
  title: register(string),
  body: text(),
  minutes: counter(),
  rating: register(number).writtenBy('owner'),
}
const notes = collection('notes', fields, {
  derive: {
    average: ({ rating }) => {
      const all = Object.values(rating)
      return all.length === 0 ? undefined : all.reduce((a, b) => a + b, 0) / all.length
    },
    words: (note) => note.body.split(' ').length,
    summary: (note) => ({ title: note.title ?? 'untitled', hours: note.minutes / 60 }),
  },
})

describe('derived values', () => {
  test('[DO133] are members of every view, worked out of its fields', () => {
    const { entity } = replica(1, { collection: notes, user: 'ana' })
    updatesOf(entity.create({ title: 'x', body: 'one two three', minutes: 90, rating: 4 }))
    expect(entity.view()).toMatchObject({ average: 4, words: 3, summary: { title: 'x', hours: 1.5 } })
    expectTypeOf(entity.view().average).toEqualTypeOf<number | undefined>()
    expectTypeOf(entity.view().summary).toEqualTypeOf<{ title: string; hours: number }>()
    const stored = new Map(entity.documents().map((document) => [keyOf(document), [entity.snapshot(document)]]))
    expect(viewOf(notes, id, yjs, stored)).toEqual(entity.view())
    // In a list a long text is cut, and what is derived of it goes by what is shown.
    expect(viewOf(notes, id, yjs, stored, { textMax: 5 })).toMatchObject({ body: 'one t', words: 2 })
    expect(Object.keys(entity.view())).toEqual([
      'id',
      'title',
      'body',
      'minutes',
      'rating',
      'average',
      'words',
      'summary',
    ])
  })

  test('[DO133] a function that throws, or gives no JSON, leaves its value out and is listed', () => {
    const odd = collection('notes', fields, {
      derive: {
        thrown: (): number => {
          throw new Error('boom')
        },
        nameless: (): number => {
          throw Object.create(null)
        },
        date: () => new Date(0),
        hostile: () => JSON.parse('{"__proto__":1}') as object,
        later: () => Promise.resolve(1),
        nothing: () => undefined,
        deep: () => {
          const cycle: { self?: unknown } = {}
          cycle.self = cycle
          return cycle
        },
        right: () => -0,
      },
    })
    const { entity } = replica(1, { collection: odd })
    updatesOf(entity.create({ title: 'x' }))
    expect(entity.view()).toEqual({ id, title: 'x', body: '', minutes: 0, rating: {}, right: 0 })
    expect(entity.misfits()).toEqual([
      { field: 'thrown', value: 'boom' },
      { field: 'nameless', value: 'something without a text' },
      { field: 'date', value: 'an object with a class is not JSON' },
      { field: 'hostile', value: 'the key __proto__ is not allowed' },
      { field: 'later', value: 'an object with a class is not JSON' },
      { field: 'deep', value: expect.stringMatching(/^it nests deeper than 64/) },
    ])
  })

  test('[DO134] each sees the fields alone and cannot change them', () => {
    const nosy = collection('notes', fields, {
      derive: {
        first: (note) => Object.keys(note).length,
        second: (note) => Object.keys(note).length,
        rough: (note) => {
          Object.assign(note.rating, { bo: 5 })
          return 1
        },
        rude: (note) => {
          Object.assign(note, { title: 'mine' })
          return 1
        },
      },
    })
    const { entity } = replica(1, { collection: nosy })
    updatesOf(entity.create({ title: 'x' }))
    expect(entity.view()).toMatchObject({
      title: 'x',
      rating: {},
      first: 5,
      second: 5,
      rough: undefined,
      rude: undefined,
    })
  })

  test('[DO134] the canonical form is of what is stored: two versions that derive differently have one', () => {
    const plain = collection('notes', fields)
    const broken = collection('notes', fields, {
      derive: {
        here: (): string => {
          throw new Error(`at ${Math.random()}`)
        },
      },
    })
    const [a, b, c] = [
      replica(1, { collection: notes }),
      replica(2, { collection: plain }),
      replica(3, { collection: broken }),
    ]
    const updates = updatesOf(a.entity.create({ title: 'x' }))
    for (const { entity } of [b, c]) for (const update of updates) entity.apply(update, [update.update])
    expect(new Set([a, b, c].map(({ entity }) => entity.canonical())).size).toBe(1)
    expect(c.entity.misfits()).toHaveLength(1)
  })
})
