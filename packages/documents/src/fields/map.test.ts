import { collection, map } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EditResult, Entity } from '../entity/entity.ts'
import { deliver, errorOf, foreign, meet, registersOf, replica, updatesOf } from '../replicas.test.helper.ts'
import { numeric, string } from '../schemas.test.helper.ts'

const notes = collection('notes', { settings: map(), sizes: map(numeric), names: map(string) })
type Note = Entity<typeof notes>

const open = (n = 1): Note => replica(n, { collection: notes }).entity
const set =
  (members: Record<string, Json>) =>
  (note: Note): EditResult =>
    note.edit('user', (draft) => Object.entries(members).forEach(([name, value]) => draft.settings.set(name, value)))
const remove =
  (...names: string[]) =>
  (note: Note): EditResult =>
    note.edit('user', (draft) => names.forEach((name) => draft.settings.delete(name)))
const create = (note: Note): EditResult => note.create({ settings: { theme: 'dark', size: 1 } })

describe('a map', () => {
  test.each<[string, readonly ((note: Note) => EditResult)[], Record<string, Json>]>([
    ['different members', [set({ theme: 'light' }), set({ size: 2 })], { theme: 'light', size: 2 }],
    ['one member', [set({ size: 2 }), set({ size: 3 })], { theme: 'dark', size: 3 }],
    ['a new one on both', [set({ a: 1, b: 1 }), set({ a: 2 })], { theme: 'dark', size: 1, a: 2, b: 1 }],
    ['a deletion and a later write', [remove('size'), set({ size: 2 })], { theme: 'dark', size: 2 }],
    ['a write and a later deletion', [set({ size: 2 }), remove('size')], { theme: 'dark', size: 2 }],
    ['two deletions', [remove('size', 'theme'), remove('size')], {}],
  ])('[DO94] %s', (_, acts, expected) => expect(meet(notes, [create], acts).view().settings).toEqual(expected))

  test('[DO94] it is a record under its writes, in an edit and after it', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c/d', '1', 'ü'), value: fc.option(fc.integer()) })
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 5 }), { maxLength: 6 }), (edits) => {
        const note = open()
        const model = new Map<string, number>()
        for (const steps of edits) {
          updatesOf(
            note.edit('user', ({ settings }) => {
              for (const { name, value } of steps) {
                if (value === null) settings.delete(name)
                else settings.set(name, value)
                if (value === null) model.delete(name)
                else model.set(name, value)
                expect([settings.get(name), settings.has(name)]).toEqual([model.get(name), model.has(name)])
              }
              expect(settings.names()).toEqual([...model.keys()].sort())
            }),
          )
          expect(note.view().settings).toEqual(Object.fromEntries(model))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('[DO95] a name is a text of 1 to 256 characters that reaches no prototype, whole pairs only', () => {
    const note = open()
    updatesOf(note.create({}))
    for (const name of ['', 'x'.repeat(257), '__proto__', 'constructor', 'prototype', '\ud800', 5, undefined, null])
      expect(errorOf(() => note.edit('user', ({ settings }) => settings.set(name as string, 1)))).toMatchObject({
        kind: 'bad-value',
        message: expect.stringMatching(/^Field settings: a member's name is a text of 1 to 256 characters/),
      })
    const odd = ['x'.repeat(256), 'a/b/c', ' ', '@created', '"', 'id', 'toString', '😀', '/']
    updatesOf(note.edit('user', ({ settings }) => odd.forEach((name) => settings.set(name, name))))
    expect(note.view().settings).toEqual(Object.fromEntries(odd.map((name) => [name, name])))
    note.edit('user', ({ settings }) => expect(settings.names()).toEqual(odd.toSorted()))
    expect([note.exists(), note.misfits()]).toEqual([true, []])
    expect(errorOf(() => open().create({ settings: JSON.parse('{"__proto__":1}') }))).toMatchObject({
      kind: 'bad-value',
    })
  })

  test('[DO95] it is given as a plain object; what looks empty but is not is refused', () => {
    for (const wrong of [new Map([['a', 1]]), [['a', 1]], 'a', 5, null, new Date(0)])
      expect(errorOf(() => open().create({ settings: wrong as never }))).toEqual({
        kind: 'bad-value',
        message: 'Field settings: a map is given as a plain object.',
      })
    const note = open()
    updatesOf(note.create({ settings: Object.assign(Object.create(null), { a: 1, b: undefined }) }))
    expect(note.view().settings).toEqual({ a: 1 })
  })

  test('[DO95] values are validated one by one, and stored as the schema gives them out', () => {
    const note = open()
    updatesOf(note.create({ sizes: { a: '12', b: 3 } }))
    expect(note.view().sizes).toEqual({ a: 12, b: 3 })
    expect(errorOf(() => note.edit('user', ({ names }) => names.set('a', 5 as never)))).toEqual({
      kind: 'bad-value',
      message: 'Field names: Expected a string.',
    })
  })

  test('[DO95] hostile names and values that do not fit are left out and listed, and the rest is shown', () => {
    const note = open()
    updatesOf(note.create({ names: { good: 'x' } }))
    const keys = ['names/__proto__', 'names/', 'names/constructor', `names/${'x'.repeat(300)}`, 'names/bad']
    for (const key of keys)
      deliver(note, [
        foreign(registersOf('shared'), ({ registers }) => registers.append(key, 1, key === 'names/bad' ? 5 : 'x')),
      ])
    const { names } = note.view()
    expect([names, Object.getPrototypeOf(names)]).toEqual([{ good: 'x' }, Object.prototype])
    expect(note.misfits().map(({ value }) => value)).toEqual(['', '__proto__', 5, 'constructor', 'x'.repeat(300)])
    note.edit('user', (draft) => {
      expect(draft.names.names()).toEqual(['good'])
      expect(['__proto__', '', 'constructor', 'bad', 'none'].map((name) => draft.names.get(name))).toEqual(
        Array.from({ length: 5 }),
      )
      expect(draft.names.values('__proto__')).toEqual([])
      // What does not belong can be taken away.
      for (const key of keys) draft.names.delete(key.slice('names/'.length))
    })
    expect(note.misfits()).toEqual([])
  })
})
