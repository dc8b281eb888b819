import { describe, expect, test } from 'vitest'
import { deliver, errorOf, replica, share, updatesOf } from '../replicas.test.helper.ts'

describe('a text', () => {
  test('[DO61] concurrent edits merge by character', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ body: 'Light and water.' }), b.entity)
    const ours = updatesOf(a.entity.edit('shared', (note) => note.body.insert(5, ', air')))
    const theirs = updatesOf(b.entity.edit('shared', (note) => (note.body.delete(15, 1), note.body.insert(15, '!'))))
    deliver(a.entity, theirs)
    deliver(b.entity, ours)
    expect([a.entity.view().body, b.entity.view().body]).toEqual(['Light, air and water!', 'Light, air and water!'])
  })

  test('[DO51] an edit reads what it wrote', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'abc' }))
    updatesOf(
      entity.edit('shared', ({ body }) => {
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
    const failed = entity.edit('shared', ({ body }) => {
      body.delete(0, 3)
      body.insert(0, 'xyz')
      expect(body.toString()).toBe('xyz')
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.view().body).toBe('abc')
    expect(entity.snapshot({ part: 'shared', field: '' })).toEqual(before)
    updatesOf(
      entity.edit('shared', ({ body }) => {
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
    ['an index inside a pair', 2, 'Field body: index 2 is between the halves of a surrogate pair.'],
  ])('[DO61] %s is refused at the call', (_, index, message) => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'a😀bcd' }))
    for (const change of ['insert', 'delete'] as const) {
      const bad = errorOf(() =>
        entity.edit('shared', ({ body }) => (change === 'insert' ? body.insert(index, 'x') : body.delete(index, 0))),
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
    ): string => errorOf(() => entity.edit('shared', ({ body }) => change(body))).message
    expect(refused((body) => body.delete(3, 2))).toBe('Field body: count 2 from index 3 passes the end at 4.')
    expect(refused((body) => body.delete(0, 1.5))).toMatch(/count 1.5/)
    expect(refused((body) => body.delete(0, 2))).toMatch(/index 2 is between the halves/)
    expect(refused((body) => body.insert(0, '\ud800'))).toMatch(/half of a surrogate pair/)
    expect(refused((body) => body.insert(0, 5 as never))).toBe('Field body: number is not text.')
  })

  test('[DO61] pairs are seen wherever they came from', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ body: 'ab' }), b.entity)
    const inside = (index: number): string =>
      errorOf(() => b.entity.edit('shared', ({ body }) => body.insert(index, '-'))).message
    updatesOf(b.entity.edit('shared', ({ body }) => body.insert(2, 'c')))
    // From another replica, from an earlier edit, and from the same edit.
    share(
      a.entity.edit('shared', ({ body }) => body.insert(0, '😀')),
      b.entity,
    )
    expect(inside(1)).toMatch(/halves/)
    updatesOf(b.entity.edit('shared', ({ body }) => (body.delete(0, 2), body.insert(1, '😀'))))
    expect(inside(2)).toMatch(/halves/)
    const same = errorOf(() => b.entity.edit('shared', ({ body }) => (body.insert(0, '😀'), body.delete(1, 1))))
    expect(same.message).toMatch(/index 1 is between/)
    expect(b.entity.view().body).toBe('a😀bc')
  })

  test('[DO71] a view cuts a text where it is told, never inside a pair', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ body: 'ab😀cd' }))
    const cut = [0, 1, 3, 4, 6, 9].map((textMax) => entity.view({ textMax }).body)
    expect(cut).toEqual(['', 'a', 'ab', 'ab😀', 'ab😀cd', 'ab😀cd'])
  })
})
