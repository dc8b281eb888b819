import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  deliver,
  errorOf,
  foreign,
  notes,
  registersOf,
  replica,
  share,
  Stamps,
  updatesOf,
} from '../replicas.test.helper.ts'

describe('a register', () => {
  test('[DO60] the write with the greatest stamp wins, whichever came first', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ title: 'first' }), b.entity)
    a.stamps.last = 50
    b.stamps.last = 40
    const late = updatesOf(a.entity.edit('user', (note) => note.title.set('late')))
    const early = updatesOf(b.entity.edit('user', (note) => note.title.set('early')))
    deliver(a.entity, early)
    deliver(b.entity, late)
    expect([a.entity.view().title, b.entity.view().title]).toEqual(['late', 'late'])
    // Both survive until somebody writes over them.
    expect(a.entity.canonical()).toContain('"title":[[41,"early"],[51,"late"]]')
    share(
      a.entity.edit('user', (note) => note.title.set('over')),
      b.entity,
    )
    expect(b.entity.canonical()).toContain('"title":[[52,"over"]]')
  })

  test('[DO60] equal stamps give the same winner everywhere', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({}), b.entity)
    a.stamps.last = b.stamps.last = 9
    const ours = updatesOf(a.entity.edit('user', (note) => note.title.set('a')))
    const theirs = updatesOf(b.entity.edit('user', (note) => note.title.set('b')))
    deliver(a.entity, theirs)
    deliver(b.entity, ours)
    expect(a.entity.view().title).toBe(b.entity.view().title)
    expect(a.entity.canonical()).toBe(b.entity.canonical())
  })

  test('[DO60] a write that saw a stamp from the future still replaces it', () => {
    const stamps = new Stamps()
    const { entity } = replica(1, { stamps })
    stamps.last = 1000
    updatesOf(entity.create({ title: 'future' }))
    stamps.last = 5
    updatesOf(entity.edit('user', (note) => note.title.set('now')))
    expect(entity.view().title).toBe('now')
  })

  test('[DO50] a failed edit gives a register its value back', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ title: 'before', anything: { a: 1 } }))
    const before = entity.canonical()
    const failed = entity.edit('user', (note) => {
      note.title.set('after')
      note.anything.set(null)
      note.status.set('done')
      expect([note.title.value, note.anything.value, note.status.value]).toEqual(['after', null, 'done'])
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.canonical()).toBe(before)
  })

  test('[DO65] a value that the schema refuses is refused at the call, and nothing is written', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({}))
    const bad = errorOf(() => entity.edit('user', (note) => note.title.set(5 as never)))
    expect(bad).toMatchObject({ kind: 'bad-value', message: 'Field title: Expected a string.' })
    expect(errorOf(() => entity.edit('user', (note) => note.anything.set((() => 1) as never)))).toMatchObject({
      kind: 'bad-value',
    })
    expect(errorOf(() => entity.edit('user', (note) => note.anything.set(undefined as never)))).toMatchObject({
      message: 'Field anything: undefined is not JSON.',
    })
    const caught = entity.edit('user', (note) => {
      expect(() => note.status.set('lost' as never)).toThrow('Field status: Expected open or done.')
      note.title.set('still')
    })
    expect(updatesOf(caught)).toHaveLength(1)
    expect(entity.view()).toMatchObject({ title: 'still', status: undefined })
  })

  test('[DO65] what the app does to a value afterwards reaches neither the document nor other views', () => {
    const { entity } = replica(1)
    const given = { list: [1] }
    updatesOf(entity.create({ anything: given }))
    given.list.push(2)
    const shown = entity.view().anything as { list: number[] }
    shown.list.push(3)
    expect(entity.view().anything).toEqual({ list: [1] })
  })

  test('[DO72] a value that does not fit is left out and listed, and can be written over', () => {
    const { entity } = replica(1)
    deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append('title', 900, { rich: true }))])
    expect(entity.view().title).toBeUndefined()
    updatesOf(entity.create({}))
    deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append('title', 800, 'fits'))])
    expect(entity.view().title).toBe('fits')
    expect(entity.misfits()).toEqual([{ field: 'title', value: { rich: true } }])
    updatesOf(entity.edit('user', (note) => (expect(note.title.value).toBe('fits'), note.title.set('again'))))
    expect([entity.view().title, entity.misfits()]).toEqual(['again', []])
  })

  test('[DO71] the types of a view come from the schema', () => {
    const { entity } = replica(1)
    expectTypeOf(entity.view().status).toEqualTypeOf<'open' | 'done' | undefined>()
    expectTypeOf(entity.view().tags).toEqualTypeOf<readonly string[]>()
    expectTypeOf(entity.create).parameter(0).toHaveProperty('title').toEqualTypeOf<string | undefined>()
    entity.edit('user', (note) => {
      expectTypeOf(note.status.set).parameter(0).toEqualTypeOf<'open' | 'done'>()
      expectTypeOf(note.grade).not.toHaveProperty('set')
    })
    entity.edit('server', (note) => expectTypeOf(note.grade.set).parameter(0).toEqualTypeOf<number>())
    expect(notes.fields.grade.part).toBe('server')
  })
})
