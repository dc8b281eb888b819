import { collection, counter, growSet, list, map, register, set, text } from '@rejoin/schema'
import type { Collection, Declarations, Initial } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import type { Entity } from './entity.ts'
import { deliver, errorOf, meet, replica, share, Stamps, updatesOf } from '../replicas.test.helper.ts'
import { number, string } from '../schemas.test.helper.ts'

const fields = {
  title: register(string),
  anything: register(),
  first: register(string).conflicts('first-write-wins'),
  best: register(number).conflicts('max'),
  body: text(),
  minutes: counter(),
  tags: set(string),
  seen: growSet(string),
  steps: list(string),
  settings: map(),
  rating: register(number).writtenBy('owner'),
}
const notes = collection('notes', fields)
type Notes = typeof notes
type Note = Entity<Notes>

const seed: Initial<Notes> = {
  title: 'Welcome',
  anything: { b: 1, a: [2, { d: 3, c: 4 }] },
  first: 'seed',
  best: 5,
  body: 'Hello 😀',
  minutes: 7,
  tags: ['a', 'b'],
  seen: ['x'],
  steps: ['one', 'two'],
  settings: { theme: 'dark', size: { w: 1, h: 2 } },
}
const shown = { ...seed, rating: {} }

const open = (n: number, options: { collection?: Notes; user?: string; stamps?: Stamps } = {}): Note =>
  replica(n, { ...options, collection: options.collection ?? notes }).entity
const bytesOf = (entity: Entity, seeding: Parameters<Note['ensure']>[0]): readonly unknown[] =>
  updatesOf(entity.ensure(seeding as never)).map(({ part, field, update, stamp }) => [part, field, update, stamp])

describe('ensure', () => {
  test('[DO125] gives the same bytes on every device, whoever does it and whenever, without a stamp', () => {
    const stamps = new Stamps()
    stamps.last = 5000
    const [a, b] = [bytesOf(open(1), seed), bytesOf(open(2, { stamps, user: 'ana' }), seed)]
    expect(a).toEqual(b)
    expect(a).toHaveLength(3)
    expect(updatesOf(open(4).ensure(seed)).map(({ stamp }) => stamp)).toEqual([0, 0, 0])
    expect(stamps.drawn).toBe(0)
    // The order of members is none of the content.
    const turned = Object.fromEntries(Object.entries(seed).toReversed()) as Initial<Notes>
    const other = {
      ...turned,
      anything: { a: [2, { c: 4, d: 3 }], b: 1 },
      settings: { size: { h: 2, w: 1 }, theme: 'dark' },
    }
    expect(bytesOf(open(3), other)).toEqual(a)
  })

  test('[DO125] done on several devices at once it is there once, for every kind', () => {
    const ensure = (note: Note) => note.ensure(seed)
    expect(meet(notes, [], [ensure, ensure, ensure]).view()).toMatchObject(shown)
    const { entity } = replica(1, { collection: notes })
    share(open(2).ensure(seed), entity)
    expect(updatesOf(entity.ensure(seed))).toEqual([])
    expect(entity.view()).toMatchObject(shown)
  })

  test('[DO126] an edit made on one of them is an edit of all of them, and every stamped write wins over the seed', () => {
    const met = meet(
      notes,
      [],
      [
        (note) => note.ensure(seed),
        (note) => ({
          updates: [
            ...updatesOf(note.ensure(seed)),
            ...updatesOf(
              note.edit('user', (draft) => {
                draft.title.set('Mine')
                draft.first.set('late')
                draft.best.set(3)
                draft.body.delete(0, 5)
                draft.minutes.add(1)
                draft.tags.delete('a')
                draft.steps.push('three')
                draft.settings.delete('theme')
              }),
            ),
          ],
        }),
        (note) => ({
          updates: [
            ...updatesOf(note.ensure(seed)),
            ...updatesOf(
              note.edit('user', (draft) => (draft.body.insert(0, '>'), draft.best.set(9), draft.minutes.add(2))),
            ),
          ],
        }),
      ],
    )
    expect(met.view()).toMatchObject({
      title: 'Mine',
      first: 'seed',
      best: 9,
      body: '> 😀',
      minutes: 10,
      tags: ['b'],
      steps: ['one', 'two', 'three'],
      settings: { size: { w: 1, h: 2 } },
    })
  })

  test('[DO127] different seeds are both there: equal documents once, registers by their policy, the rest added up', () => {
    const ensure = (more: Initial<Notes>) => (note: Note) => note.ensure({ ...seed, ...more })
    const met = meet(notes, [], [ensure({}), ensure({ title: 'Other', tags: ['c'] })])
    expect(['Welcome', 'Other']).toContain(met.view().title)
    expect(met.view()).toMatchObject({
      // Documents that are equal in both are one.
      body: 'Hello 😀',
      steps: ['one', 'two'],
      // Registers that are equal are no conflict; what is in one of them is in both.
      best: 5,
      tags: ['a', 'b', 'c'],
      // In the document of registers, which is another, each seed counts.
      minutes: 14,
    })
    expect(meet(notes, [], [ensure({}), ensure({ body: 'Hi' })]).view()).toMatchObject({
      minutes: 7,
      steps: ['one', 'two'],
    })
    expect(meet(notes, [], [ensure({}), ensure({ body: 'Hi' })]).view().body).toHaveLength(10)
  })

  test('[DO127] what writes other bytes writes under another id, though it was asked for the same', () => {
    // Two versions of an app: one has renamed the field, which keeps its key; one has another form of it.
    const plain = (declared: Declarations): Collection => collection('notes', declared)
    const [renamed, moved] = [
      plain({ caption: register(string, { key: 'title' }), minutes: counter() }),
      plain({ title: register(string, { key: 'caption' }), minutes: counter() }),
    ]
    const base = plain({ title: register(string), minutes: counter() })
    const [a, b, c] = [base, renamed, moved].map((each, n) => replica(n + 1, { collection: each }).entity) as [
      Entity,
      Entity,
      Entity,
    ]
    const first = bytesOf(a, { title: 'x', minutes: 1 })
    expect(bytesOf(b, { caption: 'x', minutes: 1 } as never)).toEqual(first)
    const other = updatesOf(c.ensure({ title: 'x', minutes: 1 }))
    deliver(a, other)
    deliver(b, other)
    expect(a.view()).toMatchObject({ title: 'x', minutes: 2 })
    expect(a.misfits()).toEqual([{ field: 'caption', value: 'x' }])
    // The same operations in all: nothing was taken for what it is not.
    expect(a.canonical()).not.toBe('')
    const again = replica(9, { collection: base }).entity
    deliver(again, other)
    for (const update of updatesOf(replica(8, { collection: base }).entity.ensure({ title: 'x', minutes: 1 })))
      deliver(again, [update])
    expect(again.canonical()).toBe(a.canonical())
  })

  test('[DO127] seeds of any size have ids of their own', () => {
    const long = (letter: string): Initial<Notes> => ({ body: letter.repeat(100_000), minutes: 1 })
    const met = meet(notes, [], [(note) => note.ensure(long('a')), (note) => note.ensure(long('b'))])
    expect(met.view().body).toHaveLength(200_000)
    expect(met.view().minutes).toBe(1)
  })

  test('[DO125] an own part is seeded for its user alone', () => {
    const met = meet(
      notes,
      [],
      [(note) => note.ensure({ ...seed, rating: 1 }), (note) => note.ensure({ ...seed, rating: 2 })],
      ['ana', 'bob'],
    )
    expect(met.view()).toMatchObject({ ...shown, rating: { ana: 1, bob: 2 } })
  })

  test('[DO126] what exists, or existed, is not seeded', () => {
    const note = open(1)
    updatesOf(note.create({ title: 'mine' }))
    expect(updatesOf(note.ensure(seed))).toEqual([])
    expect(note.view()).toMatchObject({ title: 'mine', minutes: 0 })
    updatesOf(note.delete())
    expect(updatesOf(note.ensure(seed))).toEqual([])
    updatesOf(note.purge())
    expect(updatesOf(note.ensure(seed))).toEqual([])
  })

  test('[DO126] made elsewhere meanwhile, it joins what exists, and a deletion of it', () => {
    const created = meet(notes, [], [(note) => note.create({ title: 'mine', minutes: 1 }), (note) => note.ensure(seed)])
    expect(created.view()).toMatchObject({ title: 'mine', first: 'seed', minutes: 8, body: 'Hello 😀' })

    for (const deletion of ['delete-wins', 'edit-wins'] as const) {
      const rules: Notes = collection('notes', fields, { deletion })
      const remove = (note: Note) => note.delete()
      const ensure = (note: Note) => note.ensure(seed)
      // The same seed is the one that was deleted; another is an edit.
      const same = meet(rules, [ensure], [remove])
      const late = open(5, { collection: rules })
      const seeded = updatesOf(late.ensure(seed))
      for (const document of same.documents()) late.load(document, [same.snapshot(document)])
      deliver(same, seeded)
      expect([late.life(), same.life()]).toEqual(['deleted', 'deleted'])
      const other = updatesOf(open(6, { collection: rules }).ensure({ title: 'another' }))
      deliver(late, other)
      expect(late.life()).toBe(deletion === 'edit-wins' ? 'live' : 'deleted')
    }
  })

  test('[DO126] a seed that does not fit is refused, and nothing is written', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    for (const wrong of [
      { title: 5 },
      { nothing: 1 },
      { anything: cycle },
      { anything: new Map() },
      { settings: new Map() },
      { minutes: 0.5 },
      { anything: JSON.parse('{"__proto__":1}') },
    ]) {
      const note = open(1)
      expect(errorOf(() => note.ensure(wrong as never))).toMatchObject({ kind: 'bad-value' })
      expect([note.life(), note.documents()]).toEqual(['absent', []])
    }
    const small = replica(1, { collection: notes, limits: { writeBytesMax: 1000 } }).entity
    expect(errorOf(() => small.ensure({ body: 'x'.repeat(1001) }))).toMatchObject({ kind: 'too-large' })
    expect(small.life()).toBe('absent')
  })
})
