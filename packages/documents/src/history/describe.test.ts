import type { UserId } from '@rejoin/base'
import { collection, counter, list, map, movableList, register, set, text } from '@rejoin/schema'
import { expect, test } from 'vitest'
import { ClientIds } from '../client-ids.ts'
import { createEntity } from '../entity/entity.ts'
import { id, keyOf, Stamps, writerOf } from '../replicas.test.helper.ts'
import { yjs } from '../yjs/index.ts'
import { describeChanges } from './describe.ts'
import type { FieldChange } from './describe.ts'

const notes = collection('notes', {
  title: register(undefined, { key: 't' }),
  body: text({ key: 'b' }),
  minutes: counter(),
  tags: set(),
  settings: map(),
  lines: list(),
  steps: movableList(),
  rating: register().writtenBy('owner'),
})

test('[DO145] changes are told in the terms of the schema: fields by name, values, elements, items', () => {
  const writer = writerOf(1)
  const stamps = new Stamps()
  const clientIds = new ClientIds(writer)
  const base = { collection: notes, id, engine: yjs, writer, user: 'ana' as UserId, clientIds, key: keyOf }
  const entity = createEntity({ ...base, nextStamp: stamps.next, capture: true })
  const told = (change: Parameters<typeof entity.edit<'user'>>[1]): readonly FieldChange[] =>
    describeChanges(notes, entity.edit('user', change).changes ?? []).map((change) => {
      const { at, ...rest } = change
      expect(at === undefined || at > 0).toBe(true)
      return rest
    })
  entity.create({ title: 'before', body: 'Hello', minutes: 3, tags: ['a'], steps: ['one', 'two'] })
  const [one] = told((note) => note.steps.push('three'))
  expect(one).toEqual({ field: 'steps', part: 'shared', member: expect.any(String), after: 'three' })
  expect(told((note) => note.steps.set(0, 'ONE'))).toMatchObject([{ field: 'steps', after: 'ONE' }])
  expect(told((note) => note.steps.move(0, 1))).toMatchObject([{ field: 'steps', moved: true }])
  const all = told((note) => {
    note.title.set('after')
    note.body.delete(0, 1)
    note.minutes.add(4)
    note.tags.delete('a')
    note.settings.set('x/y', 1)
    note.lines.push('line')
    note.rating.set(5)
  })
  expect(all.toSorted((a, b) => (a.field < b.field ? -1 : 1))).toEqual([
    { field: 'body', part: 'shared', before: 'H' },
    { field: 'lines', part: 'shared', after: ['line'] },
    { field: 'minutes', part: 'shared', added: 4 },
    { field: 'rating', part: 'owner:ana', after: 5 },
    { field: 'settings', part: 'shared', member: 'x/y', after: 1 },
    { field: 'tags', part: 'shared', before: 'a' },
    { field: 'title', part: 'shared', before: 'before', after: 'after' },
  ])
})
