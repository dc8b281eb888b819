import { collection, set } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliver, errorOf, foreign, registersOf, replica, share, updatesOf } from '../replicas.test.helper.ts'
import { numeric } from '../schemas.test.helper.ts'

const bags = collection('notes', { bag: set(), sizes: set(numeric) })

describe('a set', () => {
  test('[DO63] an addition wins over a concurrent removal, also one of what was there', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ tags: ['x', 'y'] }), b.entity)
    const added = updatesOf(a.entity.edit('user', ({ tags }) => tags.add('x')))
    const removed = updatesOf(b.entity.edit('user', ({ tags }) => (tags.delete('x'), tags.delete('y'))))
    deliver(a.entity, removed)
    deliver(b.entity, added)
    expect([a.entity.view().tags, b.entity.view().tags]).toEqual([['x'], ['x']])
    // One that saw the addition removes it.
    share(
      b.entity.edit('user', ({ tags }) => tags.delete('x')),
      a.entity,
    )
    expect([a.entity.view().tags, b.entity.view().tags]).toEqual([[], []])
  })

  test('[DO63] equal elements are one, whatever the order of their keys, and views sort them', () => {
    const { entity } = replica(1, { collection: bags })
    updatesOf(entity.create({ bag: [{ b: 1, a: 2 }, 'b', 10, { a: 2, b: 1 }, 9, -1, 'a', null, [1], true] }))
    expect(entity.view().bag).toEqual(['a', 'b', -1, 9, 10, [1], null, true, { a: 2, b: 1 }])
  })

  test('[DO63] it is the set of its additions and removals, within an edit and over edits', () => {
    const steps = fc.array(
      fc.record({ add: fc.boolean(), element: fc.constantFrom<Json[]>('a', 'b', 1, 2, [1]), ends: fc.boolean() }),
    )
    fc.assert(
      fc.property(steps, (all) => {
        const { entity } = replica(1, { collection: bags })
        const model = new Map<string, Json>()
        for (let next = 0; next < all.length;) {
          updatesOf(
            entity.edit('user', ({ bag }) => {
              for (let ended = false; next < all.length && !ended; next++) {
                const { add, element, ends } = all[next] ?? { add: false, element: '', ends: true }
                if (add) bag.add(element)
                else bag.delete(element)
                if (add) model.set(JSON.stringify(element), element)
                else model.delete(JSON.stringify(element))
                expect(bag.has(element)).toBe(add)
                expect(new Set(bag.values())).toEqual(new Set(model.values()))
                ended = ends
              }
            }),
          )
          expect(new Set(entity.view().bag)).toEqual(new Set(model.values()))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('[DO50] a failed edit gives a set its elements back', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ tags: ['x', 'y'] }))
    const before = entity.canonical()
    const failed = entity.edit('user', ({ tags }) => {
      tags.add('z')
      tags.add('x')
      tags.delete('y')
      expect(tags.values()).toEqual(['x', 'z'])
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.canonical()).toBe(before)
  })

  test('[DO63] to remove what is not there writes nothing, to add what is there does', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ tags: ['x'] }))
    expect(updatesOf(entity.edit('user', ({ tags }) => tags.delete('y')))).toEqual([])
    expect(updatesOf(entity.edit('user', ({ tags }) => (tags.add('z'), tags.delete('z'))))).toEqual([])
    expect(updatesOf(entity.edit('user', ({ tags }) => tags.add('x')))).toHaveLength(1)
  })

  test('[DO65] elements are validated, and are the output of the schema', () => {
    const { entity } = replica(1, { collection: bags })
    updatesOf(
      entity.edit('user', ({ sizes }) => {
        sizes.add('12')
        expect([sizes.has(12), sizes.has('12'), sizes.has('no'), sizes.values()]).toEqual([true, true, false, [12]])
      }),
    )
    expect(errorOf(() => entity.edit('user', ({ sizes }) => sizes.add('no')))).toMatchObject({ kind: 'bad-value' })
    expect(errorOf(() => entity.create({ bag: 'ab' as never })).message).toBe('Field bag: string is not an array.')
    expect(errorOf(() => entity.create({ bag: [1n as never] })).message).toBe('Field bag: bigint is not JSON.')
  })

  test('[DO72] elements that do not fit are left out and listed, and can be removed', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ tags: ['x'] }))
    const deep = '['.repeat(100_000)
    for (const element of ['5', '"y" ', 'junk', '{"__proto__":1}', deep])
      deliver(entity, [
        foreign(registersOf('shared'), ({ registers }) => registers.append(`tags/${element}`, 900, true)),
      ])
    expect(entity.view().tags).toEqual(['x'])
    expect(new Set(entity.misfits().map(({ value }) => value))).toEqual(
      new Set(['5', '"y" ', 'junk', '{"__proto__":1}', deep]),
    )
    updatesOf(entity.edit('user', ({ tags }) => tags.delete(5 as never)))
    expect(entity.misfits()).toHaveLength(4)
  })
})
