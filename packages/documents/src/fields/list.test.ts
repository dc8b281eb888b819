import { collection, list } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliver, documentNamed, errorOf, foreign, replica, share, updatesOf } from '../replicas.test.helper.ts'

describe('a list', () => {
  test('[DO64] concurrent insertions all stay, in one order', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ steps: ['plan', 'ship'] }), b.entity)
    const ours = updatesOf(a.entity.edit('user', ({ steps }) => steps.insert(1, 'build', 'test')))
    const theirs = updatesOf(b.entity.edit('user', ({ steps }) => (steps.insert(1, 'think'), steps.delete(2, 1))))
    deliver(a.entity, theirs)
    deliver(b.entity, ours)
    expect(a.entity.view().steps).toEqual(b.entity.view().steps)
    expect([...a.entity.view().steps].sort()).toEqual(['build', 'plan', 'test', 'think'])
  })

  const splice = fc.record({
    at: fc.nat(),
    remove: fc.nat(3),
    insert: fc.array(fc.string(), { maxLength: 3 }),
    ends: fc.boolean(),
  })

  test('[DO64] it is an array under its splices, also while stored values that do not fit lie between', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 8 }), fc.array(splice), (stored, splices) => {
        const { entity } = replica(1)
        const model = stored.flatMap((fits, index) => (fits ? [`${index}`] : []))
        const misfits = stored.flatMap((fits, index) => (fits ? [] : [index]))
        if (stored.length > 0)
          deliver(entity, [
            foreign(documentNamed('shared/steps'), ({ list }) =>
              list.insert(
                0,
                stored.map((fits, index) => (fits ? `${index}` : index)),
              ),
            ),
          ])
        for (let next = 0; next < splices.length;) {
          updatesOf(
            entity.edit('user', ({ steps }) => {
              for (let ended = false; next < splices.length && !ended; next++) {
                const { at, remove, insert, ends } = splices[next] ?? { at: 0, remove: 0, insert: [], ends: true }
                const index = at % (model.length + 1)
                const count = Math.min(remove, model.length - index)
                steps.delete(index, count)
                steps.insert(index, ...insert)
                model.splice(index, count, ...insert)
                expect(steps.length).toBe(model.length)
                expect(steps.get(index)).toBe(model[index])
                expect(steps.values()).toEqual(model)
                ended = ends
              }
            }),
          )
          expect(entity.view().steps).toEqual(model)
          expect(entity.misfits().map(({ value }) => value)).toEqual(misfits)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('[DO64] push appends, get reads, and what is outside is undefined', () => {
    const { entity } = replica(1)
    updatesOf(
      entity.edit('user', ({ steps }) => {
        steps.push('a', 'b')
        steps.push()
        expect([steps.get(0), steps.get(1), steps.get(2), steps.get(-1), steps.get(0.5)]).toEqual([
          'a',
          'b',
          undefined,
          undefined,
          undefined,
        ])
      }),
    )
    expect(entity.view().steps).toEqual(['a', 'b'])
  })

  test('[DO64] however many do not fit, what is shown beside them can be deleted', () => {
    const count = 600_000
    const { entity } = replica(1)
    const looser = replica(2, { collection: collection('notes', { steps: list() }) })
    share(looser.entity.create({ steps: ['a', ...Array.from({ length: count }, () => 5), 'b'] }), entity)
    updatesOf(entity.edit('user', ({ steps }) => steps.delete(0, 2)))
    expect(entity.view().steps).toEqual([])
    expect(entity.misfits()).toHaveLength(count)
  })

  test('[DO50] a failed edit gives a list its values back, and its indexes', () => {
    const { entity } = replica(1)
    const looser = replica(2, { collection: collection('notes', { steps: list() }) })
    share(looser.entity.create({ steps: ['a', 5, 'b'] }), entity)
    const before = entity.canonical()
    const failed = entity.edit('user', ({ steps }) => {
      steps.delete(0, 1)
      steps.insert(1, 'c', 'd')
      expect(steps.values()).toEqual(['b', 'c', 'd'])
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.canonical()).toBe(before)
    updatesOf(
      entity.edit('user', ({ steps }) => {
        expect(steps.get(0)).toBe('a')
        steps.insert(1, 'x')
        expect(steps.values()).toEqual(['a', 'x', 'b'])
      }),
    )
    share(
      looser.entity.edit('user', ({ steps }) => steps.delete(0, 1)),
      entity,
    )
    updatesOf(entity.edit('user', ({ steps }) => (steps.delete(0, 1), expect(steps.values()).toEqual(['b']))))
    expect([entity.view().steps, entity.misfits()]).toEqual([['b'], [{ field: 'steps', value: 5 }]])
  })

  test('[DO65] values are validated one and all before any is inserted', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ steps: ['a'] }))
    const result = entity.edit('user', ({ steps }) => {
      expect(() => steps.push('b', 5 as never)).toThrow('Field steps: Expected a string.')
      expect(() => steps.insert(2, 'b')).toThrow('Field steps: index 2 is outside 0 to 1.')
      expect(() => steps.delete(0, 2)).toThrow('Field steps: count 2 from index 0 passes the end at 1.')
      expect(steps.length).toBe(1)
    })
    expect(updatesOf(result)).toEqual([])
    expect(errorOf(() => entity.edit('user', ({ steps }) => steps.push(null as never))).kind).toBe('bad-value')
  })

  test('[DO65] an initial list may be longer than a call has arguments', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ steps: Array.from({ length: 150_000 }, () => 'x') }))
    expect(entity.view().steps).toHaveLength(150_000)
  })
})
