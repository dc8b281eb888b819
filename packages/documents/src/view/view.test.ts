import { entityId, userId, writerId } from '@rejoin/base'
import { collection, counter, register, set, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { ClientIds } from '../client-ids.ts'
import type { Engine, Update } from '../engine.ts'
import { createEntity } from '../entity/entity.ts'
import {
  deliver,
  documentNamed,
  errorOf,
  foreign,
  id,
  notes,
  registersOf,
  replica,
  snapshotsOf,
  updatesOf,
} from '../replicas.test.helper.ts'
import { viewOf } from './view.ts'
import { yjs } from '../yjs/index.ts'

/** An engine that tells how many of its documents were made and not let go. */
function counted(): { engine: Engine; made(): number; open(): number } {
  let made = 0
  let open = 0
  const create = (): ReturnType<Engine['create']> => {
    const document = yjs.create()
    const dispose = document.dispose.bind(document)
    made++
    open++
    return Object.assign(document, { dispose: () => (open--, dispose()) })
  }
  return { engine: { ...yjs, create }, made: () => made, open: () => open }
}

describe('views', () => {
  test('[DO71] an empty entity has every field, in the order of the schema', () => {
    const view = replica(1).entity.view()
    expect(Object.entries(view)).toEqual([
      ['id', 'n1'],
      ['title', undefined],
      ['status', undefined],
      ['anything', undefined],
      ['body', ''],
      ['tags', []],
      ['minutes', 0],
      ['steps', []],
      ['grade', undefined],
      ['remarks', ''],
    ])
  })

  test('[DO71] reading makes no documents that were not loaded', () => {
    const { engine, made } = counted()
    const registers = replica(1)
    const updates = updatesOf(registers.entity.create({ title: 'x' })).map(({ update }) => update)
    expect(viewOf(notes, id, engine, new Map([['notes/n1/shared/', updates]]))).toMatchObject({ title: 'x', body: '' })
    expect(made()).toBe(1)
  })

  test('[DO74] a view comes straight from stored bytes, and nothing is kept', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ title: 'x', body: 'long text', steps: ['a'] }))
    updatesOf(entity.edit('server', (note) => (note.grade.set(5), note.remarks.insert(0, 'fine'))))
    const { engine, open } = counted()
    expect(viewOf(notes, id, engine, snapshotsOf(entity))).toEqual(entity.view())
    expect(viewOf(notes, id, engine, snapshotsOf(entity), { textMax: 4 })).toEqual(entity.view({ textMax: 4 }))
    expect(open()).toBe(0)
  })

  test('[DO74] an entity that was never created has no view, and costs one document', () => {
    const { engine, made, open } = counted()
    const { entity } = replica(1)
    updatesOf(entity.edit('user', (note) => (note.body.insert(0, 'early'), note.title.set('early'))))
    expect(viewOf(notes, id, engine, snapshotsOf(entity))).toBeUndefined()
    expect(viewOf(notes, entityId('other'), engine, snapshotsOf(entity))).toBeUndefined()
    expect([made(), open()]).toEqual([1, 0])
  })

  test('[DO74] bytes that are no update are refused, and nothing is kept', () => {
    const { engine, open } = counted()
    const junk: Update[] = [{ encoding: 'yjs-2', bytes: new Uint8Array([9, 9, 9]) }]
    expect(errorOf(() => viewOf(notes, id, engine, new Map([['notes/n1/shared/', junk]])))).toMatchObject({
      kind: 'undecodable',
    })
    expect(open()).toBe(0)
  })

  test('[DO72] registers for which the schema has no field are listed by their key', () => {
    const newer = collection('notes', {
      title: register(),
      colour: register(),
      links: set(),
      likes: counter(),
      tags: register(),
      drawing: text(),
    })
    const [old, young] = [replica(1), replica(2, { collection: newer })]
    deliver(
      old.entity,
      updatesOf(
        young.entity.create({ title: 'x', colour: 'red', links: ['a'], likes: 2, tags: 'none', drawing: 'line' }),
      ),
    )
    expect(old.entity.view()).toMatchObject({ title: 'x', tags: [] })
    expect(old.entity.misfits()).toEqual([
      { field: 'colour', value: 'red' },
      { field: expect.stringMatching(/^likes\//), value: 2 },
      { field: 'links/"a"', value: true },
      { field: 'tags', value: 'none' },
    ])
    // What an old version does not understand it leaves alone.
    deliver(young.entity, updatesOf(old.entity.edit('user', (note) => note.title.set('y'))))
    expect(young.entity.view()).toMatchObject({ title: 'y', colour: 'red', links: ['a'], likes: 2, tags: 'none' })
  })

  test('[DO72] nothing that can be stored makes reading throw', () => {
    const { entity } = replica(1)
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)])
    const values = [null, true, 0.5, '', [], {}, nested(60), 'x'.repeat(70_000), { a: { b: [1] } }]
    for (const key of [
      'title',
      'status',
      'anything',
      'tags/"a"',
      'tags/',
      'tags',
      'minutes/x',
      'minutes/',
      '@created',
      '@new',
      '/',
      '',
    ])
      for (const value of values)
        deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append(key, 1, value as never))])
    deliver(entity, [foreign(documentNamed('shared/steps'), ({ list }) => list.insert(0, values as never))])
    deliver(entity, [foreign(documentNamed('shared/body'), ({ list }) => list.insert(0, values as never))])
    deliver(entity, [
      foreign(
        documentNamed('shared/steps'),
        ({ registers, text: body }) => (registers.append('x', 1, 1), body.insert(0, 'x')),
      ),
    ])
    expect(entity.view()).toMatchObject({ status: undefined, body: '', minutes: 0 })
    expect(entity.view().tags).toEqual(['a'])
    expect(entity.misfits().length).toBeGreaterThan(8)
    expect(entity.canonical()).toContain('"@new"')
    expect(entity.exists()).toBe(true)
    updatesOf(
      entity.edit(
        'user',
        (note) => (note.title.set('x'), note.steps.push('y'), note.minutes.add(1), note.tags.add('b')),
      ),
    )
    expect(entity.view()).toMatchObject({ title: 'x', minutes: 1, tags: ['a', 'b'] })
  })

  test('[DO202] what an owner wrote is shown, also if it is 0, an empty text or an empty list', () => {
    const rated = collection('notes', {
      rating: register().writtenBy('owner'),
      minutes: counter().writtenBy('owner'),
    })
    const writer = writerId('1'.repeat(32))
    const user = userId('ann')
    const options = { collection: rated, id, engine: yjs, writer, user, clientIds: new ClientIds(writer) }
    const entity = createEntity({ ...options, key: ({ part, field }) => `${part}/${field}`, nextStamp: () => 1 })
    for (const nothing of [0, '', [], {}, null, false]) {
      updatesOf(entity.edit('user', (note) => note.rating.set(nothing)))
      expect(entity.view()).toEqual({ id: 'n1', rating: { ann: nothing }, minutes: {} })
    }
    updatesOf(entity.edit('user', (note) => note.rating.clear()))
    expect(entity.view().rating).toEqual({})
  })

  test('[DO72] a schema that throws makes misfits, not exceptions', () => {
    const moody = collection('notes', {
      title: register({ '~standard': { version: 1, vendor: 'test', validate: (value) => moodOf(value) } }),
    })
    let broken = false
    const moodOf = (value: unknown): { value: unknown } => {
      if (broken) throw new Error('mood')
      return { value }
    }
    const { entity } = replica(1, { collection: moody })
    updatesOf(entity.create({ title: 'x' }))
    broken = true
    expect([entity.view().title, entity.misfits()]).toEqual([undefined, [{ field: 'title', value: 'x' }]])
  })
})
