import { collection, documentsOf, set, text } from '@rejoin/schema'
import type { TextDraft } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { deliver, errorOf, notes, replica, share, updatesOf } from '../replicas.test.helper.ts'

describe('a text', () => {
  test('[DO61] concurrent edits merge by character', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ body: 'Light and water.' }), b.entity)
    const ours = updatesOf(a.entity.edit('user', (note) => note.body.insert(5, ', air')))
    const theirs = updatesOf(b.entity.edit('user', (note) => (note.body.delete(15, 1), note.body.insert(15, '!'))))
    deliver(a.entity, theirs)
    deliver(b.entity, ours)
    expect([a.entity.view().body, b.entity.view().body]).toEqual(['Light, air and water!', 'Light, air and water!'])
  })

  test('[DO51] an edit reads what it wrote', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'abc' }))
    updatesOf(
      entity.edit('user', ({ body }) => {
        body.insert(3, 'def')
        body.delete(0, 2)
        expect([body.length, body.toString()]).toEqual([4, 'cdef'])
        body.insert(body.length, '!')
        expect(entity.view().body).toBe('cdef!')
      }),
    )
    expect(entity.view().body).toBe('cdef!')
  })

  test('[DO50] a failed edit gives a text its characters back', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'abc' }))
    const before = entity.snapshot({ part: 'shared', field: '' })
    const failed = entity.edit('user', ({ body }) => {
      body.delete(0, 3)
      body.insert(0, 'xyz')
      expect(body.toString()).toBe('xyz')
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.view().body).toBe('abc')
    expect(entity.snapshot({ part: 'shared', field: '' })).toEqual(before)
    updatesOf(
      entity.edit('user', ({ body }) => {
        body.insert(body.length, 'd')
        expect(body.toString()).toBe('abcd')
      }),
    )
    expect(entity.view().body).toBe('abcd')
  })

  test.each([
    ['an index below 0', -1, 'Field body: index -1 is outside 0 to 6.'],
    ['an index after the end', 7, 'Field body: index 7 is outside 0 to 6.'],
    ['an index that is none', Number.NaN, 'Field body: index NaN is outside 0 to 6.'],
  ])('[DO61] %s is refused at the call', (_, index, message) => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'a😀bcd' }))
    for (const change of ['insert', 'delete'] as const) {
      const bad = errorOf(() =>
        entity.edit('user', ({ body }) => (change === 'insert' ? body.insert(index, 'x') : body.delete(index, 0))),
      )
      expect(bad).toMatchObject({ kind: 'bad-value', message })
    }
    expect(entity.view().body).toBe('a😀bcd')
  })

  test('[DO61] a run past the end, half a pair, and what is no string are refused at the call', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'a😀b' }))
    const refused = (
      change: (body: { insert(index: number, text: string): void; delete(index: number, count: number): void }) => void,
    ): string => errorOf(() => entity.edit('user', ({ body }) => change(body))).message
    expect(refused((body) => body.delete(3, 2))).toBe('Field body: count 2 from index 3 passes the end at 4.')
    expect(refused((body) => body.delete(0, 1.5))).toMatch(/count 1.5/)
    expect(refused((body) => body.insert(0, '\ud800'))).toMatch(/half of a surrogate pair/)
    expect(refused((body) => body.insert(0, 5 as never))).toBe('Field body: number is not text.')
  })

  test('[DO61] an index inside a pair is refused, in the first splice of an edit and in later ones', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'a😀b', title: 'before' }))
    const before = documentsOf(notes).map((document) => entity.snapshot(document))
    const attempts: ((body: TextDraft) => void)[] = [
      (body) => body.insert(2, 'x'),
      (body) => body.delete(2, 1),
      (body) => body.delete(0, 2),
      (body) => (body.insert(0, '-'), body.insert(3, 'x')),
      (body) => (body.insert(0, '-'), body.delete(1, 2)),
      (body) => (body.insert(0, '😀'), body.insert(1, 'x')),
      (body) => (body.delete(0, 1), body.insert(0, 'c'), body.insert(2, 'x')),
    ]
    for (const attempt of attempts) {
      const bad = errorOf(() => entity.edit('user', ({ body, title }) => (title.set('after'), attempt(body))))
      expect(bad).toMatchObject({
        kind: 'bad-value',
        message: expect.stringMatching(/^Field body: index \d .* pair\.$/i),
      })
    }
    expect(documentsOf(notes).map((document) => entity.snapshot(document))).toEqual(before)
    updatesOf(entity.edit('user', ({ body }) => (body.delete(1, 2), body.insert(1, '😀!'), body.insert(4, '?'))))
    expect(entity.view()).toMatchObject({ body: 'a😀!?b', title: 'before' })
  })

  test('[DO61] of several texts in one edit at most the first is left to the engine', () => {
    const two = collection('notes', { left: text(), right: text(), tags: set() })
    const { entity } = replica(1, { collection: two })
    updatesOf(entity.create({ left: '😀', right: '😀', tags: ['t'] }))
    for (const [good, bad] of [
      ['left', 'right'],
      ['right', 'left'],
    ] as const) {
      const whole = entity.canonical()
      expect(
        errorOf(() =>
          entity.edit('user', (note) => (note.tags.delete('t'), note[good].insert(0, '-'), note[bad].insert(1, '-'))),
        ),
      ).toMatchObject({
        message: `Field ${bad}: index 1 is between the halves of a surrogate pair.`,
      })
      const first = entity.edit(
        'user',
        (note) => (note.tags.delete('t'), note[bad].insert(1, '-'), note[good].insert(0, '-')),
      )
      expect(errorOf(() => first).message).toMatch(new RegExp(`^Field ${bad}: Index 1 lies between`))
      expect(entity.canonical()).toBe(whole)
    }
    expect(
      updatesOf(entity.edit('user', (note) => (note.right.insert(2, 'b'), note.left.insert(2, 'a')))).map(
        ({ field }) => field,
      ),
    ).toEqual(['left', 'right'])
  })

  test('[DO61] a text can be emptied and filled again in one edit, and splices of nothing are none', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'abc' }))
    updatesOf(
      entity.edit(
        'user',
        ({ body }) => (body.delete(0, body.length), body.insert(0, 'x'), body.delete(0, 0), body.insert(0, '')),
      ),
    )
    expect(entity.view().body).toBe('x')
  })

  test('[DO71] a view cuts a text where it is told, never inside a pair', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'ab😀cd' }))
    const cut = [0, 1, 3, 4, 6, 9].map((textMax) => entity.view({ textMax }).body)
    expect(cut).toEqual(['', 'a', 'ab', 'ab😀', 'ab😀cd', 'ab😀cd'])
    updatesOf(
      entity.edit('user', ({ body }) => {
        body.insert(0, '😀')
        expect([1, 2, 5].map((textMax) => entity.view({ textMax }).body)).toEqual(['', '😀', '😀ab'])
      }),
    )
  })
})
